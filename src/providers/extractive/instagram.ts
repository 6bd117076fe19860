import { characters } from '#base/text-length.ts';
import { likeness } from '#language/likeness.ts';
import type { Draft, WritingSource } from '#providers/language-model.ts';
import { feedPost } from './feed-post.ts';
import type { Ranked } from './ranking.ts';
import { hashtagsOf, lone, opening, type Talk } from './talk.ts';

/** Read at arm's length on a picture: about four lines. */
const mostSlide = 110;
const mostSlides = 7;
/** The feed shows about 125 characters before "more". */
const mostHook = 125;
const mostParagraph = 300;

/** A caption that opens with a hook, and slides of single sentences in the order of the talk. */
export function instagramOf(talk: Talk, source: WritingSource): Extract<Draft, { kind: 'INSTAGRAM' }> {
  const passages = (source.maxLength ?? 2_200) < 800 ? 1 : 2;
  return {
    kind: 'INSTAGRAM',
    caption: feedPost(talk, { mostHook, mostParagraph, passages }),
    hashtags: hashtagsOf(talk, 8),
    slides: slidesOf(talk).map(opening),
  };
}

/** The best short sentences that do not repeat each other. */
function slidesOf(talk: Talk): Ranked[] {
  const fits = ({ first, wordCount }: Ranked): boolean => wordCount >= 4 && characters(first) <= mostSlide;
  const chosen: Ranked[] = [];
  for (const sentence of lone(talk, fits)) {
    if (chosen.length >= mostSlides) break;
    const repeats = chosen.some((other) => likeness(other.roots, sentence.roots) > 0.5);
    if (fits(sentence) && !repeats) chosen.push(sentence);
  }
  return chosen.sort((a, b) => a.at - b.at);
}
