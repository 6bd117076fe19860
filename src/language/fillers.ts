import { baseLanguage } from './stop-words.ts';

/**
 * Sounds that people make while they look for words, by language: what is a filler in one is a word in another (`er`,
 * `este`), so only sounds that mean nothing are named. In a language without a list the ones that all know.
 */
const fillers: Readonly<Record<string, string>> = {
  en: 'um umm ummm uh uhh uhm er erm err hmm hm mmm',
  de: 'äh ähm ähh öh öhm ehm hm hmm mmm',
  nl: 'eh ehm uh uhm euh hm hmm mmm',
  fr: 'euh heu euhm hum hmm mmm',
  es: 'eh ehm em mmm hmm',
  it: 'ehm eeh mmm hmm',
  pt: 'ehm hum hmm mmm',
  sv: 'öh öhm eh ehm hm hmm',
  da: 'øh øhm eh ehm hm hmm',
  nb: 'øh øhm eh ehm hm hmm',
  pl: 'yyy eee eem hmm mmm',
};
const everywhere = 'uhm ehm hmm mmm';

/** Whether a word is only a sound, in a language by its BCP 47 tag; punctuation around it does not matter. */
export function isFiller(text: string, language: string): boolean {
  const sound = text.toLowerCase().replaceAll(/[^\p{Letter}\p{Mark}]+/gu, '');
  return (fillers[baseLanguage(language)] ?? everywhere).split(' ').includes(sound);
}
