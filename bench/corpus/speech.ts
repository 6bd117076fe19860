import { rate, say, type VoiceEvent } from './espeak.ts';
import type { Item, Saying } from './lecture.ts';
import { randomFrom } from './random.ts';
import type { Spoken } from './truth.ts';

const voices = {
  A: { voice: 'en-us', wordsPerMinute: 165, pitch: 45 },
  B: { voice: 'en-gb-x-rp', wordsPerMinute: 175, pitch: 75 },
};
const [wordEvent, phonemeEvent] = [1, 7];
/** White noise at about -62 dBFS: a room, so that silence is not digital zero. */
const room = { seed: 99, amplitude: 45 };

interface Laid {
  /** Samples, and numbers of silent ones. */
  readonly parts: (Int16Array | number)[];
  readonly words: Spoken['words'][number][];
  readonly sentences: Spoken['sentences'][number][];
  readonly silences: Spoken['silences'][number][];
  readonly slides: Spoken['slides'][number][];
  at: number;
  silentFrom: number;
}

/** Speaks a lecture: its samples, and where every word, sentence, silence and slide is, in seconds. */
export function speech(items: readonly Item[], seconds: number): { samples: Int16Array; rate: number; truth: Spoken } {
  const laid: Laid = { parts: [], at: 0, words: [], sentences: [], silences: [], slides: [], silentFrom: 0 };
  for (const item of items) {
    if (item.kind === 'slide') {
      const { kind: _kind, ...slide } = item;
      laid.slides.push({ at: inSeconds(laid.at), ...slide });
    }
    if (item.kind === 'pause') layPause(laid, Math.round(item.seconds * rate));
    if (item.kind === 'say') laySentence(laid, item);
  }
  layPause(laid, Math.max(0, Math.round(seconds * rate) - laid.at));
  laid.silences.push({ s: inSeconds(laid.silentFrom), e: inSeconds(laid.at) });
  const { words, sentences, slides } = laid;
  const silences = laid.silences.filter(({ s, e }) => e - s > 0.001);
  return {
    samples: inRoom(laid),
    rate,
    truth: { duration: inSeconds(laid.at), rate, words, sentences, silences, slides },
  };
}

/** To the microsecond. */
const inSeconds = (samples: number): number => Math.round((samples / rate) * 1e6) / 1e6;

function layPause(laid: Laid, samples: number): void {
  laid.parts.push(samples);
  laid.at += samples;
}

function laySentence(laid: Laid, { text, tag, topic, voice }: Saying): void {
  const { samples, events } = say(text, voices[voice]);
  const tokens = timed(text, events, samples.length);
  const [first, end] = [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0];
  const sentence = laid.sentences.length;
  const span = { s: inSeconds(laid.at + first), e: inSeconds(laid.at + end) };
  laid.sentences.push({ id: sentence, ...span, text, topic, tag, speaker: voice });
  for (const { text: w, start, end: until, merged } of tokens) {
    const word = { w, s: inSeconds(laid.at + start), e: inSeconds(laid.at + until), sentence, speaker: voice };
    laid.words.push(merged ? { ...word, merged: true } : word);
  }
  laid.silences.push({ s: inSeconds(laid.silentFrom), e: span.s });
  laid.parts.push(samples.subarray(0, end));
  laid.at += end;
  laid.silentFrom = laid.at;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly merged: boolean;
}

/** The words of a text with the samples at which they start and end. Throws when no word begins. */
function timed(text: string, events: readonly VoiceEvent[], length: number): Token[] {
  const begins = events.filter(({ type }) => type === wordEvent);
  const pauses = events.filter(({ type, phoneme }) => type === phonemeEvent && phoneme.startsWith('_'));
  const heard = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    text: word,
    start: begins.find(({ position }) => position > index && position <= index + word.length)?.sample ?? null,
  }));
  if (heard[0]?.start === null) throw new Error(`No word begins in: ${text}`);
  const placed = groupsOf(heard).flatMap((group, at, groups) => {
    const until = groups[at + 1]?.start ?? pauses.find(({ sample }) => sample > group.start)?.sample ?? length;
    return group.texts.length === 1 ? [{ ...group, text: group.texts.join(''), merged: false }] : shares(group, until);
  });
  return placed.map(({ text, start, merged }, at) => {
    const next = placed[at + 1]?.start ?? length;
    const end = pauses.find(({ sample }) => sample > start && sample <= next)?.sample ?? next;
    return { text, start, end, merged };
  });
}

interface Group {
  readonly start: number;
  readonly texts: string[];
}

/** Some words are spoken as one with the word before ("that the"): only their first has a time. */
function groupsOf(heard: readonly { readonly text: string; readonly start: number | null }[]): Group[] {
  const groups: Group[] = [];
  for (const { text, start } of heard) {
    if (start === null) groups.at(-1)?.texts.push(text);
    else groups.push({ start, texts: [text] });
  }
  return groups;
}

/** Words spoken as one share its time by their letters. */
function shares({ start, texts }: Group, until: number): Omit<Token, 'end'>[] {
  const letters = texts.join('').length;
  let before = 0;
  return texts.map((text) => {
    const at = Math.round(start + ((until - start) * before) / letters);
    before += text.length;
    return { text, start: at, merged: true };
  });
}

function inRoom({ parts, at: length }: Laid): Int16Array {
  const samples = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    if (typeof part !== 'number') samples.set(part, at);
    at += typeof part === 'number' ? part : part.length;
  }
  const random = randomFrom(room.seed);
  return samples.map((sample) =>
    Math.max(-32_768, Math.min(32_767, sample * 0.85 + (random() + random() - 1) * room.amplitude)),
  );
}
