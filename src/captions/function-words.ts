import { captionLanguage } from './caption-language.ts';
import { isNumberWord } from './number-words.ts';

/**
 * Small words by what they do to a line break. All but `trailing` need the word after them, so no line ends with one. They
 * differ in how well a line begins with them: best with a conjunction, then a preposition, then an article (or what stands
 * in its place: a number, whose) or a pronoun, then an auxiliary; "of" is bound to the noun before it. `trailing` words
 * belong to the word before them: no line begins with one; `joining` ones do so and rather keep the noun after them, too.
 * Titles are written with a dot that ends no sentence. Numbers have lists of their own.
 */
export type Role =
  | 'conjunctions'
  | 'prepositions'
  | 'articles'
  | 'pronouns'
  | 'auxiliaries'
  | 'binding'
  | 'titles'
  | 'numbers'
  | 'joining'
  | 'trailing';

/** By base language. Where a language has no list, only marks, pauses and names decide. */
const functionWords: Readonly<Record<string, Partial<Record<Role, string>>>> = {
  en: {
    conjunctions: 'and but or so because if when while that which who whose where as than unless until since whether',
    prepositions: 'in on at to for from with by about into onto over under like without between through after before',
    articles: 'a an the this these those my your his her its our their some any every each no',
    pronouns: "i i'm i've i'll i'd you you're you've we we're we've they they're he he's she she's it it's",
    binding: 'of',
    auxiliaries:
      "is are was were be been am has have had do does did will would can could should may might must not don't doesn't didn't won't can't very too more most just never always only also",
    titles: 'mr mrs ms dr prof st vs',
  },
  de: {
    conjunctions: 'und oder aber weil wenn dass als wie ob sondern denn',
    prepositions: 'in im an am auf aus bei mit nach von vom zu zum zur für über unter durch gegen ohne um seit',
    articles:
      'der die das den dem des ein eine einen einem einer eines mein meine dein sein seine ihr ihre unser unsere kein keine',
    pronouns: 'ich du er sie es wir',
    auxiliaries: 'ist sind war waren hat haben wird werden kann muss nicht sehr',
    titles: 'dr prof hr fr nr bzw ca z.b',
  },
  fr: {
    conjunctions: 'et ou mais car que qui quand si donc où lorsque',
    prepositions: 'à au aux en dans sur sous avec pour par sans chez vers entre',
    articles: "le la les l' un une des ce cet cette ces mon ma mes ton ta tes son sa ses notre votre leur",
    pronouns: 'je tu il elle nous vous ils elles on',
    binding: "de du d'",
    auxiliaries: 'est sont était a ont ne pas très plus',
    titles: 'm mme mlle dr',
  },
  es: {
    conjunctions: 'y e o u pero que cuando si porque como aunque',
    prepositions: 'al a en con por para sin sobre desde hasta entre',
    articles: 'el la los las un una unos unas mi tu su nuestro nuestra este esta estos estas',
    pronouns: 'yo tú él ella nosotros ellos',
    binding: 'de del',
    auxiliaries: 'es son era fue ha han no muy más',
    titles: 'sr sra dr dra ud uds',
  },
  it: {
    conjunctions: 'e ed o ma che se quando perché come',
    prepositions: 'a ad al alla da dal in nel nella con su per tra fra',
    articles: 'il lo la i gli le un uno una',
    pronouns: 'io tu lui lei noi',
    binding: 'di del della dei delle',
    auxiliaries: 'è sono era ha hanno non molto più',
    titles: 'sig dott dr',
  },
  pt: {
    conjunctions: 'e ou mas que se quando porque como',
    prepositions: 'em no na nos nas com por para sem até entre',
    articles: 'o a os as um uma seu sua',
    pronouns: 'eu tu ele ela nós',
    binding: 'de do da dos das',
    auxiliaries: 'é são era foi tem não muito mais',
    titles: 'sr sra dr dra',
  },
  nl: {
    conjunctions: 'en of maar omdat als dat die want toen',
    prepositions: 'in op aan bij met naar voor over door uit tot zonder',
    articles: 'de het een dit deze mijn jouw zijn haar ons onze',
    pronouns: 'ik jij hij zij wij we ze',
    binding: 'van',
    auxiliaries: 'is was heeft hebben niet zeer',
    titles: 'dhr mevr dr',
  },
  sv: {
    conjunctions: 'och men eller som att när om eftersom än',
    prepositions: 'i på till för med från vid under över utan mellan',
    articles: 'en ett den det de min din sin',
    pronouns: 'jag du han hon vi ni',
    binding: 'av',
    auxiliaries: 'är var har hade kan ska inte mycket',
  },
  da: {
    conjunctions: 'og men eller som at når hvis fordi end',
    prepositions: 'i på til for med fra ved under over uden mellem',
    articles: 'en et den det de min din sin',
    pronouns: 'jeg du han hun vi',
    binding: 'af',
    auxiliaries: 'er var har havde kan skal ikke meget',
  },
  nb: {
    conjunctions: 'og men eller som at når hvis fordi enn',
    prepositions: 'i på til for med fra ved under over uten mellom',
    articles: 'en et ei den det de min din sin',
    pronouns: 'jeg du han hun vi',
    binding: 'av',
    auxiliaries: 'er var har hadde kan skal ikke veldig',
  },
  pl: {
    conjunctions: 'i a ale lub albo że który która które gdy jeśli bo',
    prepositions: 'w we na do z ze od po dla przez przy o u nad pod bez',
    articles: 'ten ta to te mój twój swój',
    pronouns: 'ja ty on ona my',
    auxiliaries: 'jest są był była nie się bardzo',
  },
  ru: {
    conjunctions: 'и а но или что который которая которые когда если потому',
    prepositions: 'в во на к с со от по для через при о об у над под без из',
    articles: 'этот эта это эти мой твой свой',
    pronouns: 'я ты он она мы вы они',
    auxiliaries: 'не был была были есть очень',
  },
  uk: {
    conjunctions: 'і й та а але або що який яка які коли якщо бо',
    prepositions: 'в у на до з із від по для через при про над під без',
    articles: 'цей ця це ці мій твій свій',
    pronouns: 'я ти він вона ми ви вони',
    auxiliaries: 'не був була були є дуже',
  },
  ja: { trailing: 'は が を に へ と も の で から まで より ね よ か な です ます だ た て した して ない れる' },
  zh: { joining: '的', trailing: '了 吗 嗎 呢 吧 着 著 过 過 地 得 们 們 啊 呀 里 裡 中 内 內 外 后 後' },
  hi: { joining: 'का की के', trailing: 'में से को ने पर तक है हैं था थे थी हूँ भी ही' },
  // Adjectives, demonstratives and what says how or whereto follow in Thai; การ and ความ make a noun of what follows.
  th: {
    conjunctions: 'และ หรือ แต่ เพราะ ถ้า เมื่อ ที่ ซึ่ง ว่า',
    prepositions: 'จาก ใน บน กับ โดย เพื่อ ต่อ',
    articles: 'การ ความ',
    binding: 'ของ',
    auxiliaries: 'ไม่ จะ กำลัง ต้อง ควร ก็',
    trailing: 'ครับ ค่ะ คะ นะ ๆ แล้ว นี้ นั้น โน้น มาก น้อย หนัก เบา ใหม่ เก่า ใหญ่ เล็ก ขึ้น ลง ด้วย เลย อยู่ ทั้งหมด',
  },
};

const roles: readonly Role[] = [
  'trailing',
  'joining',
  'titles',
  'conjunctions',
  'prepositions',
  'articles',
  'pronouns',
  'auxiliaries',
  'binding',
];

const roleMaps = new Map(Object.entries(functionWords).map(([language, lists]) => [language, roleMap(lists)]));

function roleMap(lists: Partial<Record<Role, string>>): ReadonlyMap<string, Role> {
  const map = new Map<string, Role>();
  for (const role of roles) for (const word of lists[role]?.split(' ') ?? []) map.set(word, role);
  return map;
}

/** What a word does, by its plain form; nothing for words of content. */
export function roleOf(plain: string, language: string): Role | undefined {
  const role = roleMaps.get(captionLanguage(language))?.get(plain);
  return role ?? (isNumberWord(plain, language) ? 'numbers' : undefined);
}

/** Where there are no articles: endings that adjectives have and few nouns. */
const adjectiveEndings: Readonly<Record<string, RegExp>> = {
  pl: /\p{L}{3}(?:ego|emu|ych|ymi|imi|ej|ow[yae]|ski|ska|skie)$/u,
  ru: /\p{L}{3}(?:ый|ий|ой|[ое]го|[ое]му|[ыи]м|[ыи]х|[ыи]ми|ую|юю|ая|яя|ое|ые)$/u,
  uk: /\p{L}{3}(?:ий|ій|ого|ої|ому|им|их|ими)$/u,
};

/** Whether a word looks like an adjective by its ending. */
export const looksAdjective = (plain: string, language: string): boolean =>
  adjectiveEndings[captionLanguage(language)]?.test(plain) ?? false;
