import { characters } from '#base/text-length.ts';
import type { DraftSentence } from '#providers/language-model.ts';
import { printed } from './passages.ts';
import { closingOf, hookOf, opening, passagesBetween, type Talk } from './talk.ts';

/** Lengths in characters; `passages` is how many paragraphs stand between hook and closing at most. */
interface FeedShape {
  readonly mostHook: number;
  readonly mostParagraph: number;
  readonly passages: number;
}

/** The paragraphs of a post in a feed: a hook that shows before "more", passages across the talk, the speaker's last word. */
export function feedPost(talk: Talk, { mostHook, mostParagraph, passages: count }: FeedShape): DraftSentence[][] {
  const fits = (text: string): boolean => characters(text) <= mostParagraph;
  const closing = closingOf(talk, fits);
  const hook = hookOf(talk, { closing, fits: (text) => characters(text) <= mostHook });
  const used = hook ? [hook] : [];
  const passages = passagesBetween(talk, { used, closing, count, mostSentences: 4, leastSentences: 2, fits });
  const paragraphs = [used.map(opening), ...passages.map(printed), closing ? printed(closing) : []];
  return paragraphs.filter((sentences) => sentences.length > 0);
}
