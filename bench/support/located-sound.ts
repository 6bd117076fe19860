/** A stretch of a sound and where it comes from, in milliseconds of each. */
export interface Part {
  readonly atMs: number;
  readonly sourceMs: number;
  readonly lengthMs: number;
}

const perMs = 16;
/** Enough samples of room noise to know a place in an hour of it. */
const windowSamples = 30 * perMs;
/** Filters that start at another sample round otherwise. */
const tolerance = 8;

/**
 * Where the parts of a sound come from in the whole recording, found in the samples alone: parts in order, each copied
 * from a whole millisecond on. Both are 16 kHz mono. Throws when less than 99 of 100 samples are found.
 */
export function locatedParts(sound: Int16Array, whole: Int16Array): Part[] {
  const parts: Part[] = [];
  let [at, from, found] = [0, 0, 0];
  while (at + windowSamples <= sound.length) {
    const place = placeOf(sound.subarray(at, at + windowSamples), whole, from);
    if (place < 0) {
      at += perMs;
      continue;
    }
    const length = equalLength(sound.subarray(at), whole.subarray(place));
    parts.push({ atMs: at / perMs, sourceMs: place / perMs, lengthMs: length / perMs });
    at += length;
    from = place + length;
    found += length;
  }
  if (found < 0.99 * sound.length - windowSamples) throw new Error('The sound is not of this recording.');
  return joined(parts);
}

function placeOf(window: Int16Array, whole: Int16Array, from: number): number {
  for (let place = Math.ceil(from / perMs) * perMs; place + window.length <= whole.length; place += perMs) {
    if (isEqual(window, whole, place)) return place;
  }
  return -1;
}

function isEqual(window: Int16Array, whole: Int16Array, place: number): boolean {
  for (let at = 0; at < window.length; at += 1) {
    if (Math.abs((window[at] ?? 0) - (whole[place + at] ?? 0)) > tolerance) return false;
  }
  return true;
}

function equalLength(sound: Int16Array, whole: Int16Array): number {
  const most = Math.min(sound.length, whole.length);
  let length = 0;
  while (length + perMs <= most && isEqual(sound.subarray(length, length + perMs), whole, length)) length += perMs;
  return length;
}

/** Parts that go on where the one before ended, but for a few milliseconds that a filter's edge changed. */
function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const goesOn = last && Math.abs(part.sourceMs - last.sourceMs - (part.atMs - last.atMs)) < 1;
    if (goesOn) whole[whole.length - 1] = { ...last, lengthMs: part.atMs + part.lengthMs - last.atMs };
    else whole.push(part);
  }
  return whole;
}
