import { type Random, randomFrom } from './random.ts';
import { answers, bodies, fillers, questions } from './sentences.ts';
import { topics } from './topics.ts';

export interface Saying {
  readonly kind: 'say';
  readonly text: string;
  readonly tag: 'intro' | 'fact' | 'filler' | 'body' | 'highlight' | 'question' | 'answer' | 'outro';
  readonly topic: number;
  readonly voice: 'A' | 'B';
}

export interface Slide {
  readonly topic: number;
  readonly title: string;
  readonly bullets: readonly string[];
}

/** What happens in a lecture. Pauses are in seconds. */
export type Item = Saying | ({ readonly kind: 'slide' } & Slide) | { readonly kind: 'pause'; readonly seconds: number };

/**
 * A lecture of about so many seconds as what happens in it. The same seconds and seed give the same.
 */
export function lecture({ seconds, seed }: { seconds: number; seed: number }): Item[] {
  const random = randomFrom(seed);
  const count = Math.max(2, Math.round(seconds / 300));
  // Words a second with pauses: sizes the text; the tail is padded.
  const pace = seconds > 1200 ? 2.49 : 2.62;
  const items: Item[] = [pause(1.5)];
  for (let topic = 0; topic < count; topic += 1)
    items.push(...chapter({ topic, random, words: (seconds / count) * pace }));
  items.push(say('Thank you very much for listening.', { tag: 'outro', topic: count - 1 }), pause(2));
  return items;
}

const pause = (seconds: number): Item => ({ kind: 'pause', seconds: Math.round(seconds * 1000) / 1000 });
const say = (text: string, about: Pick<Saying, 'tag' | 'topic'> & { voice?: 'A' | 'B' }): Item => ({
  kind: 'say',
  voice: 'A',
  text,
  ...about,
});
const wordsIn = (text: string): number => text.split(' ').length;

/** One topic: an opening, sentences that fit any topic, facts with a slide each, one passage worth a clip, a question. */
function chapter({ topic, random, words: target }: { topic: number; random: Random; words: number }): Item[] {
  const about = at(topics, topic % topics.length);
  const pick = <T>(list: readonly T[]): T => at(list, Math.floor(random() * list.length));
  const facts = [...about.facts].sort(() => random() - 0.5);
  const slide = (bullets: readonly string[]): Item => ({ kind: 'slide', topic, title: about.title, bullets });
  const items: Item[] = [slide([])];
  const state = { words: 0, facts: 0, inParagraph: 0, told: false, asked: false };
  const highlightAt = Math.floor(target * (0.3 + 0.4 * random()));
  const speak = (text: string, tag: Saying['tag'], voice: 'A' | 'B' = 'A'): void => {
    items.push(say(text, { tag, topic, voice }));
    state.words += wordsIn(text);
  };

  const title = about.title.toLowerCase();
  speak(topic === 0 ? `Welcome everyone, today we talk about ${title}.` : `The next topic is ${title}.`, 'intro');
  items.push(pause(0.6 + random() * 0.4));
  while (state.words < target) {
    if (!state.told && state.words > highlightAt) tellHighlight();
    else sayNext(random());
  }
  items.push(pause(2 + random() * 1.5));
  return items;

  function tellHighlight(): void {
    state.told = true;
    items.push(pause(1.4));
    for (const [index, text] of about.highlight.entries()) {
      speak(text, 'highlight');
      items.push(pause(index < 3 ? 0.35 + random() * 0.3 : 1.6));
    }
  }

  function sayNext(chance: number): void {
    if (chance < 0.22 && state.facts < facts.length) {
      speak(at(facts, state.facts), 'fact');
      state.facts += 1;
      items.splice(-1, 0, slide(facts.slice(0, state.facts)));
    } else if (chance < 0.27) {
      speak(pick(fillers), 'filler');
      items.push(pause(2.5 + random() * 4));
      state.inParagraph = 0;
      return;
    } else if (chance < 0.3 && state.words > target * 0.8 && !state.asked) return ask();
    else {
      const turned = Math.floor(random() * about.terms.length);
      const terms = about.terms.map((_, index) => at(about.terms, (index + turned) % about.terms.length));
      speak(pick(bodies)(terms), 'body');
    }
    restAfterSentence();
  }

  function ask(): void {
    state.asked = true;
    const question = pick(questions)(pick(about.terms));
    items.push(pause(1.2));
    speak(question, 'question', 'B');
    items.push(pause(0.9));
    speak(pick(answers), 'answer');
    items.push(pause(0.5));
  }

  function restAfterSentence(): void {
    state.inParagraph += 1;
    const ends = state.inParagraph >= 4 + Math.floor(random() * 3);
    items.push(pause(ends ? 1 + random() * 0.8 : 0.3 + random() * 0.55));
    if (ends) state.inParagraph = 0;
  }
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`nothing at ${index}`);
  return found;
}
