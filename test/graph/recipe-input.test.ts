import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { recipeInput } from '#graph/recipe-input.ts';
import { plannedStages } from '#pipeline/recipe.ts';

type Given = z.input<typeof recipeInput>;

const clips = {
  presets: ['PORTRAIT_1080P'],
  captionStyle: 'NONE',
  removeSilences: true,
  safeArea: 'EVERYWHERE',
  removeFillers: false,
  reel: false,
} as const;
const highlights = { count: 3, minDurationMs: 10_000, maxDurationMs: 60_000 };
const faultsOf = (given: Given) => recipeInput.safeParse(given).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a recipe', () => {
  test('that asks for the transcript only makes nothing else', () => {
    expect(plannedStages(recipeInput.parse({ transcript: true }))).toEqual(['ingest', 'transcribe']);
  });

  test('that leaves the transcript out still makes what the rest is made from', () => {
    expect(recipeInput.parse({ transcript: false, contents: [{ kind: 'BLOG' }] })).toMatchObject({ transcript: true });
  });

  test('that asks for clips asks for highlights, too', () => {
    const recipe = recipeInput.parse({ clips: { ...clips, presets: [...clips.presets] } });
    expect(recipe.highlights).toEqual({ count: 5, minDurationMs: 15_000, maxDurationMs: 90_000, topics: [] });
    expect(plannedStages(recipe)).toEqual(['ingest', 'transcribe', 'highlight', 'cut']);
  });

  test('that asks for a reel joins the clips', () => {
    const recipe = recipeInput.parse({ clips: { ...clips, presets: ['SQUARE_1080P'], reel: true } });
    expect(plannedStages(recipe)).toContain('reel');
  });

  test('makes each shape once', () => {
    const recipe = recipeInput.parse({ clips: { ...clips, presets: ['AUDIO_ONLY', 'SQUARE_1080P', 'AUDIO_ONLY'] } });
    expect(recipe.clips?.presets).toEqual(['AUDIO_ONLY', 'SQUARE_1080P']);
  });

  test('is the same recipe however what is left out is written', () => {
    const transcript = true;
    expect(recipeInput.parse({ transcript, language: null, highlights: null, clips: null, contents: null })).toEqual(
      recipeInput.parse({ transcript }),
    );
  });
});

describe('a recipe is refused where it is wrong', () => {
  test.each<[string, Given, string[]]>([
    ['nothing at all', {}, ['']],
    ['nothing but a language', { language: 'de' }, ['']],
    ['an empty list of posts', { transcript: false, highlights: null, contents: [] }, ['']],
    ['two posts of one kind', { contents: [{ kind: 'BLOG' }, { kind: 'BLOG' }] }, ['contents']],
    [
      'a shortest above the longest',
      { highlights: { ...highlights, minDurationMs: 60_000 } },
      ['highlights.minDurationMs'],
    ],
    ['no highlight', { highlights: { ...highlights, count: 0 } }, ['highlights.count']],
    ['sixteen highlights', { highlights: { ...highlights, count: 16 } }, ['highlights.count']],
    [
      'highlights of an hour',
      { highlights: { ...highlights, maxDurationMs: 3_600_000 } },
      ['highlights.maxDurationMs'],
    ],
    ['an empty topic', { highlights: { ...highlights, topics: [' '] } }, ['highlights.topics.0']],
    ['a topic with a NUL', { highlights: { ...highlights, topics: ['a\u0000'] } }, ['highlights.topics.0']],
    ['no shape', { clips: { ...clips, presets: [] } }, ['clips.presets']],
    ['a tone with a line break', { contents: [{ kind: 'BLOG', tone: 'a\nb' }] }, ['contents.0.tone']],
    ['a post of ten characters', { contents: [{ kind: 'BLOG', maxLength: 10 }] }, ['contents.0.maxLength']],
  ])('%s', (...[, given, paths]) => {
    expect(faultsOf(given)).toEqual(paths);
  });
});
