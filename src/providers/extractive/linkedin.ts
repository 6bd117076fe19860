import type { Draft, WritingSource } from '#providers/language-model.ts';
import { feedPost } from './feed-post.ts';
import { hashtagsOf, type Talk } from './talk.ts';

/** The feed shows about 140 characters before "see more". */
const mostHook = 140;
const mostParagraph = 320;
const usualLength = 1_500;

/** A hook, three to five short paragraphs across the talk, and the speaker's own last word. */
export function linkedinOf(talk: Talk, source: WritingSource): Extract<Draft, { kind: 'LINKEDIN' }> {
  const length = Math.min(usualLength, source.maxLength ?? usualLength);
  const passages = Math.max(1, Math.min(5, Math.floor(length / 300)));
  return {
    kind: 'LINKEDIN',
    paragraphs: feedPost(talk, { mostHook, mostParagraph, passages }),
    hashtags: hashtagsOf(talk, 5),
  };
}
