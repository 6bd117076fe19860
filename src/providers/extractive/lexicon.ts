import * as stopwordLists from 'stopword';
import { primaryOf } from '#providers/language-tag.ts';
import type { Forms } from './forms.ts';
import { english } from './lexicon.english.ts';
import { german } from './lexicon.german.ts';

export interface Lexicon extends Forms {
  /** Words too common to tell topics apart; empty where the language has no list. */
  readonly stopwords: ReadonlySet<string>;
}

/** The lexicon of a BCP 47 language; one without forms of its own gets hesitations, digits and stop words only. */
export function lexiconOf(language: string): Lexicon {
  const base = primaryOf(language);
  return { ...neutral, ...own[base], stopwords: new Set(stopwords[base] ?? []) };
}

const own: Readonly<Record<string, Forms>> = { en: english, de: german };

const never = /(?!)/u;

const neutral: Forms = {
  fillers: [/,? ?\b(?:u+m+|u+h+m*|e+r+m+|h+m+|ä+h*m*|e+u+h+|öh+m*)\b,?/giu],
  openings: never,
  ties: never,
  leaning: never,
  vague: never,
  pointing: /[:：]$/u,
  conclusion: never,
  cues: never,
  numbers: /\d/u,
  housekeeping:
    /thank you|(?<!\p{L})(?:danke|merci|gracias|obrigad[oa]|grazie|tack|dziękuję|спасибо|дякую)(?!\p{L})|ありがとう|こんにちは|谢谢|謝謝|감사합니다/iu,
  turns: never,
  names: /^(?!\p{sc=Hiragana}+$)\p{L}[\p{L}\p{N}-]+$/u,
};

/** ISO 639-1 to the lists of `stopword`, which go by ISO 639-3. */
const stopwords: Readonly<Record<string, readonly string[]>> = {
  ar: stopwordLists.ara,
  bg: stopwordLists.bul,
  bn: stopwordLists.ben,
  cs: stopwordLists.ces,
  da: stopwordLists.dan,
  de: stopwordLists.deu,
  el: stopwordLists.ell,
  en: [
    ...stopwordLists.eng,
    ...'when every just really thing things going doing does done being let lets gets goes went next don doesn didn isn wasn won wouldn couldn shouldn'.split(
      ' ',
    ),
  ],
  es: stopwordLists.spa,
  fa: stopwordLists.fas,
  fi: stopwordLists.fin,
  fr: stopwordLists.fra,
  he: stopwordLists.heb,
  hi: stopwordLists.hin,
  hu: stopwordLists.hun,
  id: stopwordLists.ind,
  it: stopwordLists.ita,
  ja: stopwordLists.jpn,
  ko: stopwordLists.kor,
  nb: stopwordLists.nob,
  nl: stopwordLists.nld,
  no: stopwordLists.nob,
  pl: stopwordLists.pol,
  pt: stopwordLists.por,
  ro: stopwordLists.ron,
  ru: stopwordLists.rus,
  sv: stopwordLists.swe,
  th: stopwordLists.tha,
  tr: stopwordLists.tur,
  uk: stopwordLists.ukr,
  vi: stopwordLists.vie,
  zh: stopwordLists.zho,
};
