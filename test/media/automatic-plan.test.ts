import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { automaticPlan } from '#media/automatic-plan.ts';
import type { Rectangle, Shape } from '#media/crop-plan.ts';
import type { FoundRegion } from '#media/layout.ts';

const picture = { width: 1920, height: 1080 };
const all: Rectangle = { x: 0, y: 0, ...picture };
const inset: Rectangle = { x: 1416, y: 786, width: 480, height: 270 };
const cuts = [{ startMs: sourceMs(10_000), endMs: sourceMs(40_000) }];

const region = (kind: FoundRegion['kind'], more: Partial<FoundRegion> = {}): FoundRegion => ({
  kind,
  ...all,
  startMs: sourceMs(0),
  endMs: sourceMs(60_000),
  confidence: 0.9,
  focusFromX: null,
  focusToX: null,
  ...more,
});
const lecture = [region('SLIDES'), region('CAMERA', inset)];
const planOf = (shape: Shape, layout: readonly FoundRegion[]) =>
  automaticPlan({ shape, cuts, layout, changes: [], picture });

describe('automaticPlan', () => {
  it('stacks slides above the camera in portrait', () => {
    expect(planOf('PORTRAIT', lecture)).toEqual({ kind: 'STACK', upper: all, lower: inset });
  });

  it.each<[string, Shape, FoundRegion[]]>([
    ['landscape', 'LANDSCAPE', lecture],
    ['a square with wide slides, where captions would lie on the face', 'SQUARE', lecture],
    ['slides', 'PORTRAIT', [region('SLIDES')]],
    ['a still picture', 'SQUARE', [region('STILL')]],
    ['a recording of which nothing is known', 'PORTRAIT', []],
    ['people at both sides', 'PORTRAIT', [region('FULL_CAMERA', { focusFromX: 400, focusToX: 1500 })]],
  ])('shows the whole picture: %s', (_, shape, layout) => {
    expect(planOf(shape, layout)).toEqual({ kind: 'FIT' });
  });

  it('shows the whole picture where it changes within the clip, not where it changes before', () => {
    const change = (startMs: number, endMs: number) => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });
    const plan = (...changes: ReturnType<typeof change>[]) =>
      automaticPlan({ shape: 'PORTRAIT', cuts, layout: lecture, changes, picture }).kind;
    expect(plan(change(8_000, 12_000))).toBe('FIT');
    expect(plan(change(38_000, 42_000))).toBe('FIT');
    expect(plan(change(4_000, 8_000), change(40_000, 44_000))).toBe('STACK');
  });

  it('cuts a full camera to where its movement is, and to its middle where that cannot be told', () => {
    const aside = region('FULL_CAMERA', { focusFromX: 1200, focusToX: 1500 });
    expect(planOf('PORTRAIT', [aside])).toEqual({ kind: 'TRACK', keys: [{ atMs: 0, x: 1350, cut: false }] });
    expect(planOf('PORTRAIT', [region('FULL_CAMERA')])).toEqual({ kind: 'CENTRE' });
  });

  it('cuts off no heads: an upright picture stays whole in a square', () => {
    const upright = { width: 1080, height: 1920 };
    const layout = [region('FULL_CAMERA', { ...upright, focusFromX: 400, focusToX: 700 })];
    expect(automaticPlan({ shape: 'SQUARE', cuts, layout, changes: [], picture: upright })).toEqual({ kind: 'FIT' });
    expect(automaticPlan({ shape: 'PORTRAIT', cuts, layout, changes: [], picture: upright })).toMatchObject({
      kind: 'TRACK',
    });
  });

  it('leaves black bars out', () => {
    const between = { x: 0, y: 140, width: 1920, height: 800 };
    expect(planOf('SQUARE', [region('SLIDES', between)])).toEqual({ kind: 'FIT', within: between });
    expect(planOf('PORTRAIT', [region('FULL_CAMERA', between)])).toEqual({ kind: 'CENTRE', within: between });
  });

  it('goes by the layout that holds nearly all of the clip, and by none where two share it', () => {
    const from = (ms: number) => region('FULL_CAMERA', { startMs: sourceMs(ms) });
    const until = (ms: number) => lecture.map((part) => ({ ...part, endMs: sourceMs(ms) }));
    expect(planOf('PORTRAIT', [...until(38_000), from(38_000)]).kind).toBe('STACK');
    expect(planOf('PORTRAIT', [...until(11_000), from(11_000)]).kind).toBe('CENTRE');
    expect(planOf('PORTRAIT', [...until(25_000), from(25_000)])).toEqual({ kind: 'FIT' });
  });
});
