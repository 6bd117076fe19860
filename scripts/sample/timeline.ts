import { leadMs, type Section } from './talk.ts';
import { rate, type Spoken } from './voice.ts';

/** A word on the talk's timeline, in milliseconds. */
export interface PlacedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A sentence on the talk's timeline. */
export interface PlacedSentence {
  readonly section: number;
  /** Its number inside the section. */
  readonly position: number;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly PlacedWord[];
}

/** Everything with its time, and the voice as one row of samples. */
export interface Timeline {
  readonly durationMs: number;
  readonly sentences: readonly PlacedSentence[];
  readonly samples: Int16Array;
}

/** Lays the spoken sentences one after the other with their pauses. Times are exact: they are sample positions. */
export function timelineOf(talk: readonly Section[], spoken: readonly Spoken[]): Timeline {
  const planned = talk.flatMap(({ sentences }, section) =>
    sentences.map(({ pauseMs }, position) => ({ section, position, pauseMs })),
  );
  let at = samplesIn(leadMs);
  const parts = spoken.flatMap((voice, n) => {
    const plan = planned[n];
    if (!plan) return [];
    const part = { ...plan, voice, at };
    at += voice.samples.length + samplesIn(plan.pauseMs);
    return [part];
  });
  const samples = new Int16Array(at);
  for (const { voice, at } of parts) samples.set(voice.samples, at);
  return {
    durationMs: msIn(at),
    samples,
    sentences: parts.map(({ section, position, voice, at }) =>
      placed({ section, position, voice, offsetMs: msIn(at) }),
    ),
  };
}

const samplesIn = (ms: number): number => Math.round((ms * rate) / 1000);
const msIn = (samples: number): number => (samples * 1000) / rate;

function placed(part: { section: number; position: number; voice: Spoken; offsetMs: number }): PlacedSentence {
  const words = part.voice.words.map(({ text, startMs, endMs }) => ({
    text,
    startMs: Math.round(startMs + part.offsetMs),
    endMs: Math.round(endMs + part.offsetMs),
  }));
  return {
    section: part.section,
    position: part.position,
    text: part.voice.text,
    startMs: words[0]?.startMs ?? 0,
    endMs: words.at(-1)?.endMs ?? 0,
    words,
  };
}
