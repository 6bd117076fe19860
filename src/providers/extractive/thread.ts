import { weightedLength } from '#base/text-length.ts';
import type { Draft } from '#providers/language-model.ts';
import { printed } from './passages.ts';
import { closingOf, isIn, lone, opening, passagesBetween, type Talk } from './talk.ts';

/** 280, less a number such as ` 8/8`. */
const mostPost = 276;
/** A shorter post says too little without the talk around it. */
const leastPost = 80;
const mostPosts = 8;
const wordsPerPost = 100;

/** A hook, then whole thoughts of the talk in order, each short enough with its number, then the last word. */
export function threadOf(talk: Talk): Extract<Draft, { kind: 'TWITTER' }> {
  const fits = (text: string): boolean => weightedLength(text) <= mostPost;
  const fills = (text: string): boolean => weightedLength(text) >= leastPost;
  const closing = closingOf(talk, fits);
  const [hook] = lone(
    talk,
    ({ at, first, wordCount }) => !isIn(closing, at) && wordCount >= 4 && weightedLength(first) <= 200,
  );
  const count = Math.min(mostPosts - 2, Math.max(2, Math.round(talk.wordCount / wordsPerPost)));
  const passages = passagesBetween(talk, { hook, closing, count, mostSentences: 4, fits, fills });
  const posts = [hook ? [opening(hook)] : [], ...passages.map(printed), closing ? printed(closing) : []];
  return { kind: 'TWITTER', posts: posts.filter((post) => post.length > 0) };
}
