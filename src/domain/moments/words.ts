import {
  ara,
  bul,
  cat,
  ces,
  dan,
  deu,
  ell,
  eng,
  est,
  fas,
  fin,
  fra,
  heb,
  hin,
  hrv,
  hun,
  ind,
  ita,
  jpn,
  kor,
  lav,
  lit,
  nld,
  nob,
  pol,
  por,
  ron,
  rus,
  slk,
  slv,
  spa,
  swe,
  tha,
  tur,
  ukr,
  urd,
  vie,
  zho,
} from 'stopword';
import { leans } from '#captions/caption-lines.ts';
import { plainWord, wordTexts } from '#timeline/word-timing.ts';

/** Stop-word lists by BCP 47 language; the library names them by ISO 639-3. */
const stopLists: Readonly<Record<string, readonly string[]>> = {
  ar: ara,
  bg: bul,
  ca: cat,
  cs: ces,
  da: dan,
  de: deu,
  el: ell,
  en: eng,
  es: spa,
  et: est,
  fa: fas,
  fi: fin,
  fr: fra,
  he: heb,
  hi: hin,
  hr: hrv,
  hu: hun,
  id: ind,
  it: ita,
  ja: jpn,
  ko: kor,
  lt: lit,
  lv: lav,
  nb: nob,
  nl: nld,
  no: nob,
  pl: pol,
  pt: por,
  ro: ron,
  ru: rus,
  sk: slk,
  sl: slv,
  sv: swe,
  th: tha,
  tr: tur,
  uk: ukr,
  ur: urd,
  vi: vie,
  zh: zho,
};

/** Words of spoken English that the written list lacks: they say nothing about a topic. */
const spokenEnglish =
  "actually again although alright anyway became become down off out up over begin behaves case cases certain easily exactly example examples fastest fell forever hour hours important inside instead keeps later minute minutes may might month months ours seconds simply tells until wrote ago best biggest worst busy eight eighty eleven fast faster fifteen fifty five forty four half hundred least longer million million nine ninety seven seventy six sixty ten thirty thousand twelve twenty worse cannot dropped asked also always another anything around away back bad basically bit came cause come comes coming could day days different doing done dont else even ever every everybody everyone everything feel find first get gets getting give go goes going gone gonna good got great guess guys hard happen happens hear help high idea keep kind kinda kinds knew know last learn left less let let's like little long look looking lot lots made make makes making many matter maybe mean means more most much need needs never new next nice nobody nothing now number okay ok old once one ones oh part people piece place pretty probably put question quite ready really right said say saying says second see seen set show simple slide small someone something sometimes sort start started still stuff sure take taken takes talk tell thank thanks that's thing things think third thought three time times today together told tomorrow took tried true try trying turn turned turns two uh um use used uses using usually wanna want wanted way ways week weeks well went what's whole work works year years yeah yes yesterday".split(
    ' ',
  );

/** A word of content: how it is compared and how it was written. */
export interface ContentWord {
  readonly plain: string;
  readonly written: string;
  /** Position in its line, counting every word. */
  readonly at: number;
  /** A mark follows: no phrase goes on over it. */
  readonly endsPhrase: boolean;
}

/** Splits lines into words of content, without the language's stop words. */
export function contentWords(language: string): (text: string) => ContentWord[] {
  const stopped = stopWords(language);
  return (text) =>
    wordTexts(text).flatMap((word, at) => {
      const plain = plainWord(word);
      const written = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
      const shortLatin = plain.length < 3 && /^\p{Script=Latin}*$/u.test(plain) && !/^\p{Lu}{2}$/u.test(written);
      return plain === '' || shortLatin || stopped.has(plain) || /^\p{N}/u.test(plain)
        ? []
        : [{ plain, written, at, endsPhrase: /\p{P}$/u.test(word) }];
    });
}

function stopWords(language: string): ReadonlySet<string> {
  const code = baseLanguage(language);
  const list = stopLists[code] ?? [];
  return new Set([...list, ...(code === 'en' ? spokenEnglish : [])].map((word) => word.toLowerCase()));
}

const englishNounMarkers = new Set(
  'a an the this these those my your his her its our their some any every each no of in on at for from with by about into over under per'.split(
    ' ',
  ),
);

/** Whether the next word is likely a noun: an article or a preposition, in other languages any word that leans. */
export const marksNoun = (word: string, language: string): boolean =>
  baseLanguage(language) === 'en' ? englishNounMarkers.has(plainWord(word)) : leans(word, language);

/** `en` of `en-US`. */
export const baseLanguage = (language: string): string => language.split(/[-_]/)[0]?.toLowerCase() ?? '';

/** Lower-case words with single spaces and a space at both ends: phrases are found in it as whole words. */
export const searchable = (text: string): string => ` ${wordTexts(text).map(plainWord).filter(Boolean).join(' ')} `;
