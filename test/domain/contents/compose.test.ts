import { describe, expect, test } from 'vitest';
import { compose } from '#domain/contents/compose.ts';
import { linesFrom } from '../../support/talk.ts';

const lines = linesFrom(['Nobody reads alerts. Delete them.', 'Sleep is cheap.']);
const said = (text: string, ...numbers: number[]) => ({ text, lines: numbers });

describe('composing', () => {
  test('numbers the posts of a thread inside their length, and leaves a single one alone', () => {
    const two = compose({ kind: 'TWITTER', posts: [[said('One.', 1), said('More.', 2)], [said('Two.', 3)]] }, lines);
    expect(two.body).toEqual({
      kind: 'TWITTER',
      posts: [
        { text: 'One. More. 1/2', weightedLength: 14 },
        { text: 'Two. 2/2', weightedLength: 8 },
      ],
    });
    const one = compose({ kind: 'TWITTER', posts: [[said('One.', 1)], [said(' ')]] }, lines);
    expect(one.body).toEqual({ kind: 'TWITTER', posts: [{ text: 'One.', weightedLength: 4 }] });
  });

  test('builds an article with headings, escaped text and the pull quote after the first section', () => {
    const { body } = compose(
      {
        kind: 'BLOG',
        title: said('Delete them_all', 1),
        excerpt: said('Sleep.', 3),
        sections: [
          { heading: 'Noise', paragraphs: [[said('Nobody reads <alerts>.', 1), said('Delete them.', 2)]] },
          { heading: '', paragraphs: [[said('Sleep is cheap.', 3)]] },
        ],
        quote: said('Delete them.', 2),
        tags: ['on-call', 'on-call', ' '],
      },
      lines,
    );
    expect(body).toEqual({
      kind: 'BLOG',
      title: 'Delete them_all',
      slug: 'delete-them-all',
      excerpt: 'Sleep.',
      markdown: '## Noise\n\nNobody reads \\<alerts\\>. Delete them.\n\n> Delete them.\n\nSleep is cheap.',
      tags: ['on-call'],
    });
  });

  test('makes hashtags of letters and digits, each once', () => {
    const hashtags = ['#On Call', 'oncall', 'größe', '2026', '!', 'web3'];
    const { body } = compose({ kind: 'LINKEDIN', paragraphs: [[said('One.', 1)]], hashtags }, lines);
    expect(body).toMatchObject({ hashtags: ['oncall', 'größe', 'web3'] });
  });

  test('joins sentences of scripts without spaces without spaces', () => {
    const draft = {
      kind: 'LINKEDIN',
      paragraphs: [[said('眠りは安い。', 1), said('消せ。', 2)]],
      hashtags: [],
    } as const;
    expect(compose(draft, lines).body).toMatchObject({ text: '眠りは安い。消せ。' });
  });

  test('gives every sentence the exact words and times of its lines, in order and once', () => {
    const { sentences } = compose({ kind: 'TWITTER', posts: [[said('Sleep more.', 3, 1, 3)]] }, lines);
    expect(sentences).toEqual([
      {
        text: 'Sleep more.',
        supported: true,
        sources: [
          { segmentId: 'segment-1', startMs: 1_000, endMs: 2_125, text: 'Nobody reads alerts.' },
          { segmentId: 'segment-3', startMs: 4_605, endMs: 5_730, text: 'Sleep is cheap.' },
        ],
      },
    ]);
  });

  test('marks a sentence that no line supports', () => {
    const { sentences } = compose({ kind: 'TWITTER', posts: [[said('Invented.'), said('Also.', 99)]] }, lines);
    expect(sentences.map(({ supported, sources }) => [supported, sources])).toEqual([
      [false, []],
      [false, []],
    ]);
  });
});
