import type { Span } from '#base/time.ts';
import type { SpeechChunk } from '#timeline/cuts.ts';
import { sentences } from '#timeline/sentences.ts';
import { stitch } from '#timeline/stitch.ts';
import { timeMap } from '#timeline/time-map.ts';
import { namedAlike, type VoicedWord } from '#timeline/voices.ts';
import { joinWords, spreadWords } from '#timeline/word-timing.ts';
import type { Heard } from './heard.ts';
import { withoutLoops, withoutSoundNotes, withoutUnheard } from './inventions.ts';
import type { SpokenSegment } from './speech-to-text.ts';

/** What was heard in one chunk, on the chunk's own timeline. */
export interface HeardChunk {
  readonly chunk: SpeechChunk;
  readonly heard: Heard;
}

export interface JoinedSpeech {
  readonly segments: readonly SpokenSegment[];
  /** Words left out because nobody can have said them. */
  readonly inventedWords: number;
}

/** What was heard in chunks as sentences of the recording: each word once, each voice under one name, nothing invented. */
export function joinedSpeech(chunks: readonly HeardChunk[], silences: readonly Span[]): JoinedSpeech {
  const told = chunks.map(({ chunk, heard }) => ({ ...chunk, words: inSource(heard, { chunk, silences }) }));
  const noted = told.map((part) => ({ ...part, words: withoutSoundNotes(part.words) }));
  const words = stitch(namedAlike(noted));
  const spoken = withoutUnheard(words, silences);
  const said = sentences(speakings(spoken));
  const segments = withoutLoops(said);
  const doubted = chunks.reduce((sum, { heard }) => sum + heard.inventedWords, 0);
  const dropped = countOf(told) - countOf(noted) + words.length - spoken.length + countOf(said) - countOf(segments);
  return { segments, inventedWords: doubted + dropped };
}

const countOf = (parts: readonly { readonly words: readonly unknown[] }[]): number =>
  parts.reduce((sum, { words }) => sum + words.length, 0);

/** Words on the recording's timeline. Those of a turn are spread over what is no silence in it. */
function inSource(heard: Heard, { chunk, silences }: { chunk: SpeechChunk; silences: readonly Span[] }): VoicedWord[] {
  const map = timeMap(chunk.source);
  const timed = heard.words.map((word) => ({ ...word, ...map.toSourceSpan(word) }));
  const spread = heard.turns.flatMap(({ startMs, endMs, text, speaker }) => {
    const span = { startMs: map.toSource(startMs), endMs: map.toSource(endMs) };
    return spreadWords({ ...span, text }, silences).map((word) => ({ ...word, speaker }));
  });
  return [...timed, ...spread];
}

/** Words in a row of one voice; all of them, where voices are not told apart. */
function speakings(words: readonly VoicedWord[]): SpokenSegment[] {
  const runs: VoicedWord[][] = [];
  for (const word of words) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.speaker === word.speaker) run.push(word);
    else runs.push([word]);
  }
  return runs.flatMap(speakingOf);
}

function speakingOf(words: readonly VoicedWord[]): SpokenSegment[] {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    {
      startMs: first.startMs,
      endMs: last.endMs,
      text: joinWords(words.map((word) => word.text)),
      words: words.map(({ speaker: _told, ...word }) => word),
      ...(first.speaker !== undefined && { speaker: first.speaker }),
    },
  ];
}
