import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { clipMs, sourceMs } from '#base/time.ts';
import { burnedCaptions, writeBurned } from '#domain/clips/burned-captions.ts';
import type { RenditionPreset } from '#media/presets.ts';

/** How far above the foot of the frame captions stand, by the plan that somebody chose for the upright shape. */
function bottomOf(preset: RenditionPreset, plan: object): number {
  const drawn = burnedCaptions({
    recording: { layout: [], changes: [], facts: { video: { width: 1280, height: 720 } } },
    cuts: [{ startMs: sourceMs(0), endMs: sourceMs(4000) }],
    rows: [{ shape: 'PORTRAIT', plan }],
    preset,
    captionStyle: 'BURNED_KARAOKE',
    safeArea: 'EVERYWHERE',
    language: 'en',
    words: [{ text: 'Hello.', startMs: clipMs(0), endMs: clipMs(900) }],
  });
  return Number(drawn?.ass.match(/^Style: (.*)$/m)?.[1]?.split(',')[21]);
}

const slides = { x: 10, y: 120, width: 800, height: 450 };
const camera = { x: 830, y: 120, width: 386, height: 468 };

test('captions of a picture of one piece stand above what apps cover', () => {
  expect(bottomOf('PORTRAIT_1080P', { kind: 'FIT' })).toBe(480);
});

test('captions of slides above a camera stand where the two meet, over no face', () => {
  // The slides are 608 high, a line 72.
  expect(bottomOf('PORTRAIT_1080P', { kind: 'STACK', upper: slides, lower: camera })).toBe(1920 - 608 - 72);
  expect(bottomOf('LANDSCAPE_1080P', { kind: 'STACK', upper: slides, lower: camera }), 'another shape').toBe(76);
});

test('captions whose lines or times are badly set are not drawn into a picture', async () => {
  await using folder = await openFolder();
  const report = { cueCount: 2, violations: [{ rule: 'OVERLAP', count: 1, worst: 50, worstAtMs: 250 }] } as const;
  const bad = { ass: '[Script Info]', report: { ...report, violations: [...report.violations] } };
  const refused = { code: 'ENCODE_FAILED', facts: { faults: ['OVERLAP'], captions: report } };
  await expect(writeBurned(folder.file('bad.ass'), { ...bad, faults: ['OVERLAP'] })).rejects.toMatchObject(refused);
  expect(await readdir(folder.path)).toEqual([]);
  await writeBurned(folder.file('good.ass'), { ...bad, faults: [] });
  expect(await readdir(folder.path)).toContain('good.ass');
});
