import type { Bed } from '../support/beds.ts';
import { type Found, openSpokenTalk } from '../support/under-noise.ts';

// Prints how loud each bed may be under the sample talk, in steps of 3 dB, as the table of docs/quality.md:
// npm run noise.

const beds = [
  ['brown', 'brown noise, such as a fan or a street'],
  ['pink', 'pink noise'],
  ['white', 'white noise, hiss'],
  ['hum', 'a hum of 220 Hz that swells'],
  ['whistle', 'a whistle of 1 kHz'],
  ['music', 'chords and plucked notes'],
  ['band', 'the same with drums'],
] as const satisfies readonly (readonly [bed: Bed, name: string])[];
const steps = [30, 27, 24, 21, 18, 15, 12, 9, 6, 3, 0] as const;

const talk = await openSpokenTalk();
console.log(`${talk.pauses.length} pauses, ${talk.words.length} words\n`);
console.log('| Under the talk | all, down to | most, down to | given up at |\n| --- | --- | --- | --- |');
for (const [bed, name] of beds) console.log(await rowOf(bed, name));

async function rowOf(bed: Bed, name: string): Promise<string> {
  const found: Found[] = [];
  for (const below of steps) found.push((await talk.under(bed, below)).found);
  const all = lastOf(found, ['all']);
  const most = lastOf(found, ['all', 'most']);
  const cells = [all, most === all ? -1 : most, found.indexOf('none')];
  return `| ${[name, ...cells.map(decibels)].join(' | ')} |`;
}

/** The last step up to which it is always one of these. */
function lastOf(found: readonly Found[], enough: readonly Found[]): number {
  const end = found.findIndex((each) => !enough.includes(each));
  return (end < 0 ? found.length : end) - 1;
}

function decibels(step: number): string {
  const below = steps[step];
  return below === undefined ? '' : `${-below || 0} dB`;
}
