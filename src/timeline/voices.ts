import { overlaps, type SourceMs, type Span, type Word } from '#base/time.ts';

/** A word and whose voice it is, where voices are told apart. */
export interface VoicedWord<Ms extends number = SourceMs> extends Word<Ms> {
  readonly speaker?: string;
}

/** What was heard between two times of the recording, with names of voices that mean something only there. */
export interface VoicedPart extends Span {
  readonly words: readonly VoicedWord[];
}

/**
 * The same parts in order, with one name for a voice in all of them. A recogniser names voices anew in each part, so a
 * voice keeps its name where it speaks in what a part shares with the one before it. Whoever is silent there counts as
 * somebody new, under a name of their own: nobody is given another's words, but one person may have two names.
 */
export function namedAlike<Part extends VoicedPart>(parts: readonly Part[]): Part[] {
  const taken = new Set<string>();
  let before: VoicedPart | undefined;
  return parts.map((part) => {
    const known = before === undefined ? new Map<string, string>() : sharedVoices(before, part);
    const names = new Map<string, string>();
    for (const label of voicesOf(part)) names.set(label, known.get(label) ?? freeName(label, taken));
    const named = { ...part, words: part.words.map((word) => renamed(word, names)) };
    before = named;
    return named;
  });
}

const voicesOf = ({ words }: VoicedPart): Set<string> => new Set(words.flatMap(({ speaker }) => speaker ?? []));

/** Who of `part` is who of `before`: the pairs that speak longest at the same moments first, each voice once. */
function sharedVoices(before: VoicedPart, part: VoicedPart): Map<string, string> {
  const known = new Map<string, string>();
  const given = new Set<string>();
  for (const { label, name } of votes(before, part)) {
    if (known.has(label) || given.has(name)) continue;
    known.set(label, name);
    given.add(name);
  }
  return known;
}

interface Vote {
  readonly label: string;
  readonly name: string;
  /** For how long both speak at once. */
  ms: number;
}

function votes(before: VoicedPart, part: VoicedPart): Vote[] {
  const shared = { startMs: part.startMs, endMs: before.endMs };
  const tail = before.words.filter((word) => overlaps(word, shared));
  const head = part.words.filter((word) => overlaps(word, shared));
  const found = new Map<string, Vote>();
  for (const { speaker: label, ...word } of head) {
    for (const { speaker: name, ...other } of tail) {
      if (label === undefined || name === undefined || !overlaps(word, other)) continue;
      const key = JSON.stringify([label, name]);
      const vote = found.get(key) ?? { label, name, ms: 0 };
      vote.ms += Math.min(word.endMs, other.endMs) - Math.max(word.startMs, other.startMs);
      found.set(key, vote);
    }
  }
  return [...found.values()].sort((a, b) => b.ms - a.ms);
}

/** The recogniser's own label where it is free, else the first free letter. */
function freeName(label: string, taken: Set<string>): string {
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCodePoint(65 + at));
  let name = label;
  for (let round = 1; taken.has(name); round++) {
    const suffix = round === 1 ? '' : String(round);
    name = letters.map((letter) => letter + suffix).find((free) => !taken.has(free)) ?? name;
  }
  taken.add(name);
  return name;
}

const renamed = (word: VoicedWord, names: ReadonlyMap<string, string>): VoicedWord => {
  const name = word.speaker === undefined ? undefined : names.get(word.speaker);
  return name === undefined ? word : { ...word, speaker: name };
};
