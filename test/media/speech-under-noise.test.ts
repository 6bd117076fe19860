import { beforeAll, describe, expect, test } from 'vitest';
import { openSpokenTalk } from '../support/under-noise.ts';

// The table of docs/quality.md, `npm run noise`: decibels below the speech down to which all of the
// sample talk's pauses are found, down to which most are, and from which on it is given up. Each step is of 3 dB.

const table = [
  { bed: 'brown', all: 9, most: 3, none: 0 },
  { bed: 'pink', all: 18, most: 12, none: 9 },
  { bed: 'white', all: 24, most: 21, none: 18 },
  { bed: 'hum', all: 9, most: null, none: 6 },
  { bed: 'whistle', all: 15, most: 9, none: 6 },
  { bed: 'music', all: 12, most: 3, none: null },
  { bed: 'band', all: 12, most: 6, none: null },
] as const;

let talk: Awaited<ReturnType<typeof openSpokenTalk>>;

beforeAll(async () => {
  talk = await openSpokenTalk();
});

describe('pauses of a talk', () => {
  test.each(table)('are all found and no word is cut into with $bed $all dB below, and not with more', async (row) => {
    expect(await talk.under(row.bed, row.all)).toEqual({ found: 'all', lost: 0 });
    expect(await talk.under(row.bed, row.all - 3)).toMatchObject({ found: expect.not.stringMatching('all') });
  });

  test.each(table.filter(({ most }) => most !== null))(
    'are found for the most part with $bed $most dB below, and no word is lost',
    async ({ bed, most }) => {
      expect(await talk.under(bed, most ?? Number.NaN)).toEqual({ found: 'most', lost: 0 });
    },
  );

  test.each(table.filter(({ none }) => none !== null))(
    'are given up with $bed $none dB below, and not with less: all is taken for speech',
    async ({ bed, none }) => {
      expect(await talk.under(bed, none ?? Number.NaN)).toEqual({ found: 'none', lost: 0 });
      expect(await talk.under(bed, (none ?? Number.NaN) + 3)).toMatchObject({
        found: expect.not.stringMatching('none'),
      });
    },
  );
});
