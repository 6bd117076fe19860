import { blogOf } from './extractive/blog.ts';
import { instagramOf } from './extractive/instagram.ts';
import { linkedinOf } from './extractive/linkedin.ts';
import { talkOf } from './extractive/talk.ts';
import { threadOf } from './extractive/thread.ts';
import type { Draft, LanguageModel, PostKind, WritingSource } from './language-model.ts';

/** Grows when the same lines would give another post: part of every artifact key. */
const methodVersion = 2;

/**
 * Writes without a model, an account or a network: every sentence is the speaker's own, tidied and chosen by rank, in
 * the order of the talk. The same lines always give the same post. Throws MEDIA_NO_SPEECH when nothing was said.
 */
export function extractiveLanguageModel(): LanguageModel {
  return {
    version: `extractive:${methodVersion}`,
    provider: 'extractive',
    propose: () => Promise.resolve(null),
    async write(kind, source, { signal }) {
      signal.throwIfAborted();
      return draftOf(kind, source);
    },
  };
}

function draftOf(kind: PostKind, source: WritingSource): Draft {
  const talk = talkOf(source);
  if (kind === 'BLOG') return blogOf(talk, source);
  if (kind === 'LINKEDIN') return linkedinOf(talk, source);
  if (kind === 'TWITTER') return threadOf(talk);
  return instagramOf(talk, source);
}
