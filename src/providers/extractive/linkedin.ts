import { characters } from '#base/text-length.ts';
import type { Draft, WritingSource } from '#providers/language-model.ts';
import { printed } from './passages.ts';
import { closingOf, hashtagsOf, hookOf, opening, passagesBetween, type Talk } from './talk.ts';

/** The feed shows about 140 characters before "see more". */
const mostHook = 140;
const mostParagraph = 320;
const usualLength = 1_500;

/** A hook, three to five short paragraphs across the talk, and the speaker's own last word. */
export function linkedinOf(talk: Talk, source: WritingSource): Extract<Draft, { kind: 'LINKEDIN' }> {
  const length = Math.min(usualLength, source.maxLength ?? usualLength);
  const fits = (text: string): boolean => characters(text) <= mostParagraph;
  const closing = closingOf(talk, fits);
  const hook = hookOf(talk, { closing, fits: (text) => characters(text) <= mostHook });
  const count = Math.max(1, Math.min(5, Math.floor(length / 300)));
  const passages = passagesBetween(talk, {
    used: hook ? [hook] : [],
    closing,
    count,
    mostSentences: 4,
    leastSentences: 2,
    fits,
  });
  const paragraphs = [hook ? [opening(hook)] : [], ...passages.map(printed), closing ? printed(closing) : []];
  return {
    kind: 'LINKEDIN',
    paragraphs: paragraphs.filter((sentences) => sentences.length > 0),
    hashtags: hashtagsOf(talk, 5),
  };
}
