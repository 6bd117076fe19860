import {
  ara,
  ben,
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

/** Stop-word lists by BCP 47 language; the library names them by ISO 639-3. */
const stopLists: Readonly<Record<string, readonly string[]>> = {
  ar: ara,
  bg: bul,
  bn: ben,
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
  "when while every just really whether will shall actually again although alright anyway became become down off out up over begin behaves case cases certain easily exactly example examples fastest fell forever hour hours important inside instead keeps later minute minutes may might month months ours seconds simply tells until wrote ago best biggest worst busy eight eighty eleven fast faster fifteen fifty five forty four half hundred least longer million million nine ninety seven seventy six sixty ten thirty thousand twelve twenty worse cannot dropped asked also always another anything around away back bad basically bit came cause come comes coming could day days different does did doing done dont else even ever every everybody everyone everything feel find first get gets getting give go goes going gone gonna good got great guess guys hard happen happens hear help high idea keep kind kinda kinds knew know last learn left less let let's like little long look looking lot lots made make makes making many matter maybe mean means more most much need needs never new next nice nobody nothing now number okay ok old once one ones oh part people piece place pretty probably put question quite ready really right said say saying says second see seen set show simple slide small someone something sometimes sort start started still stuff sure take taken takes talk tell thank thanks that's thing things think third thought three time times today together told tomorrow took tried true try trying turn turned turns two uh um use used uses using usually wanna want wanted way ways week weeks well went what's whole work works year years yeah yes yesterday".split(
    ' ',
  );

/** The words that every written text of a language is full of; empty where there is no list. */
export const writtenStopWords = (language: string): readonly string[] => stopLists[baseLanguage(language)] ?? [];

/** As `writtenStopWords`, and for English also what people say all the time. */
export function stopWords(language: string): ReadonlySet<string> {
  const spoken = baseLanguage(language) === 'en' ? spokenEnglish : [];
  return new Set([...writtenStopWords(language), ...spoken].map((word) => word.toLowerCase()));
}

/** `en` of `en-US`. */
export const baseLanguage = (language: string): string => language.split(/[-_]/)[0]?.toLowerCase() ?? '';
