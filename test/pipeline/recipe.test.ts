import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plannedStages, probeOnly, type Recipe, recipe, rootOf } from '#pipeline/recipe.ts';
import { type StageName, stageNames, stages } from '#pipeline/stages.ts';

const highlights = { count: 3, minDurationMs: 15_000, maxDurationMs: 90_000, topics: [] };
const clips = {
  presets: ['LANDSCAPE_720P'],
  captionStyle: 'SIDECAR',
  removeSilences: true,
  safeArea: 'EVERYWHERE',
  removeFillers: false,
  reel: false,
} satisfies Recipe['clips'];
const contents = [{ kind: 'BLOG', language: null, tone: null, maxLength: null }] satisfies Recipe['contents'];
const clipId = crypto.randomUUID();
const transcript: Recipe = { ...probeOnly, transcript: true };

describe('the stages of a recipe', () => {
  test.each<[string, Recipe, StageName[]]>([
    ['only probe', probeOnly, ['ingest']],
    ['transcribe', transcript, ['ingest', 'transcribe']],
    ['choose highlights', { ...transcript, highlights }, ['ingest', 'transcribe', 'highlight']],
    ['cut clips', { ...transcript, highlights, clips }, ['ingest', 'transcribe', 'highlight', 'cut']],
    [
      'join a reel',
      { ...transcript, highlights, clips: { ...clips, reel: true } },
      ['ingest', 'transcribe', 'highlight', 'cut', 'reel'],
    ],
    ['render a clip', { ...probeOnly, clips, render: { clipId, stage: 'cut', durationMs: 1 } }, ['cut']],
    ['render a reel', { ...probeOnly, clips, render: { clipId, stage: 'reel', durationMs: 1 } }, ['reel']],
    [
      'write one post',
      { ...probeOnly, contents, write: { contentId: clipId, spans: null, replaces: null } },
      ['write'],
    ],
    ['write posts', { ...transcript, contents }, ['ingest', 'transcribe', 'write']],
  ])('%s', (_what, wanted, planned) => {
    expect(plannedStages(wanted)).toEqual(planned);
  });

  test('come in the declared order, each once and after its parent', () => {
    const any = fc.record({
      transcript: fc.constant(true),
      language: fc.constant(null),
      highlights: fc.option(fc.constant(highlights)),
      clips: fc.option(fc.boolean().map((reel) => ({ ...clips, reel }))),
      contents: fc.constantFrom([], contents),
      render: fc.constant(null),
      write: fc.constant(null),
      fresh: fc.constant(null),
    });
    fc.assert(
      fc.property(any, (wanted) => {
        const planned = plannedStages(wanted);
        expect(planned).toEqual(stageNames.filter((name) => planned.includes(name)));
        for (const name of planned) {
          const { parent } = stages[name];
          expect([null, ...planned.slice(0, planned.indexOf(name))]).toContain(parent);
        }
      }),
    );
  });

  test('begin with the one that needs no other', () => {
    expect(rootOf(transcript)).toEqual({ stage: 'ingest', subject: '' });
    const render = { clipId, stage: 'reel', durationMs: 1 } as const;
    expect(rootOf({ ...probeOnly, clips, render })).toEqual({ stage: 'reel', subject: clipId });
  });

  test('are read back from a stored recipe of an older day, which lacks what was added since', () => {
    expect(recipe.parse({ transcript: true })).toEqual({ ...probeOnly, transcript: true });
  });
});
