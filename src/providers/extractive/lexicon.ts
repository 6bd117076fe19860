import { writtenStopWords } from '#language/stop-words.ts';
import { primaryOf } from '#providers/language-tag.ts';
import type { Forms } from './forms.ts';
import { english } from './lexicon.english.ts';
import { german } from './lexicon.german.ts';

export interface Lexicon extends Forms {
  /** BCP 47. */
  readonly language: string;
  /** Words too common to tell topics apart; empty where the language has no list. */
  readonly stopwords: ReadonlySet<string>;
}

/** The lexicon of a BCP 47 language; one without forms of its own gets hesitations, digits and stop words only. */
export function lexiconOf(language: string): Lexicon {
  const base = primaryOf(language);
  return {
    ...neutral,
    ...own[base],
    language,
    stopwords: new Set([...writtenStopWords(base), ...(base === 'en' ? spokenEnglish : [])]),
  };
}

const own: Readonly<Record<string, Forms>> = { en: english, de: german };

const never = /(?!)/u;

const neutral: Forms = {
  fillers: [/,? ?\b(?:u+m+|u+h+m*|e+r+m+|h+m+|ä+h*m*|e+u+h+|öh+m*)\b,?/giu],
  openings: never,
  ties: never,
  contrasts: never,
  results: never,
  leaning: never,
  vague: never,
  pointing: /[:：]$/u,
  prefaces: never,
  conclusion: never,
  cues: never,
  numbers: /\d/u,
  housekeeping:
    /thank you|(?<!\p{L})(?:danke|merci|gracias|obrigad[oa]|grazie|tack|dziękuję|спасибо|дякую)(?!\p{L})|ありがとう|こんにちは|谢谢|謝謝|감사합니다/iu,
  turns: never,
  names: /^(?!\p{sc=Hiragana}+$)\p{L}[\p{L}\p{N}-]+$/u,
};

/** Content-free words of spoken English that its written list lacks. */
const spokenEnglish =
  'when every just really thing things going doing does done being let lets gets goes went next don doesn didn isn wasn won wouldn couldn shouldn'.split(
    ' ',
  );
