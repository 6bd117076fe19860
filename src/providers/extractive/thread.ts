import { weightedLength } from '#base/text-length.ts';
import type { Draft } from '#providers/language-model.ts';
import { longestFrom, type Passage, printed } from './passages.ts';
import type { Ranked } from './ranking.ts';
import { closingOf, hookOf, passagesBetween, type Talk } from './talk.ts';

/** 280, less a number such as ` 8/8`. */
const mostPost = 276;
const mostHook = 200;
/** A shorter post says too little without the talk around it. */
const leastPost = 80;
const mostPosts = 8;
const wordsPerPost = 60;

/** A hook, then whole thoughts of the talk in order, each short enough with its number, then the last word. */
export function threadOf(talk: Talk): Extract<Draft, { kind: 'TWITTER' }> {
  const fits = (text: string): boolean => weightedLength(text) <= mostPost;
  const fills = (text: string): boolean => weightedLength(text) >= leastPost;
  const closing = closingOf(talk, fits);
  const hook = hookOf(talk, { closing, fits: (text) => weightedLength(text) <= mostHook });
  const start = hook ? startOf(hook, { talk, fits }) : null;
  const count = Math.min(mostPosts - 2, Math.max(2, Math.round(talk.wordCount / wordsPerPost)));
  const passages = passagesBetween(talk, {
    used: start?.sentences ?? [],
    closing,
    count,
    mostSentences: 4,
    fits,
    fills,
  });
  const posts = [start ? printed(start) : [], ...passages.map(printed), closing ? printed(closing) : []];
  return { kind: 'TWITTER', posts: posts.filter((post) => post.length > 0) };
}

/** The hook with what it goes on to say in the same breath, as much as fits. */
function startOf(hook: Ranked, { talk, fits }: { talk: Talk; fits: (text: string) => boolean }): Passage {
  const rest = talk.sentences.slice(hook.at);
  const end = rest.findIndex(({ opensParagraph }, index) => index > 0 && opensParagraph);
  const breath = end < 0 ? rest : rest.slice(0, end);
  return longestFrom(breath, { count: 1, mostSentences: 5, fits }) ?? { sentences: [hook], score: hook.score };
}
