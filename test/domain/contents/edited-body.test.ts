import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ContentBody } from '#domain/contents/body.ts';
import { bodyInput, editedBody } from '#domain/contents/edited-body.ts';

const blog: ContentBody = {
  kind: 'BLOG',
  title: 'Lost',
  slug: 'lost-hours',
  excerpt: 'Three hours.',
  markdown: 'They were gone.',
  tags: ['disks'],
};
const edited = (input: z.input<typeof bodyInput>, before: ContentBody) => editedBody(bodyInput.parse(input), before);

test('what is left out stays as it was, the address of an article with it', () => {
  expect(edited({ blog: { title: 'Found', markdown: 'They are back.\r\n' } }, blog)).toEqual({
    ...blog,
    title: 'Found',
    markdown: 'They are back.',
  });
  expect(edited({ blog: { title: 'Found', markdown: 'Back.', tags: [] } }, blog)).toMatchObject({ tags: [] });
});

test('hashtags are kept without their mark, and posts of a thread are measured', () => {
  const linkedin: ContentBody = { kind: 'LINKEDIN', text: 'Old.', hashtags: [] };
  expect(edited({ linkedin: { text: 'New.', hashtags: ['#disks', 'logs'] } }, linkedin)).toEqual({
    kind: 'LINKEDIN',
    text: 'New.',
    hashtags: ['disks', 'logs'],
  });
  const thread: ContentBody = { kind: 'TWITTER', posts: [] };
  expect(edited({ thread: { posts: ['Ein Ü 🚀'] } }, thread)).toEqual({
    kind: 'TWITTER',
    posts: [{ text: 'Ein Ü 🚀', weightedLength: 8 }],
  });
});

test('the body of another kind of post is refused', () => {
  expect(() => edited({ linkedin: { text: 'New.' } }, blog)).toThrow('This post takes `blog`.');
});

test('every rule that is broken is told, with the number that breaks it', () => {
  const thread: ContentBody = { kind: 'TWITTER', posts: [] };
  const broken = () => edited({ thread: { posts: ['Fine.', 'x'.repeat(281), 'y'.repeat(300)] } }, thread);
  expect(broken).toThrow(z.ZodError);
  const issues = z.array(z.looseObject({ message: z.string() }));
  const told = issues.parse(errorOf(broken).issues);
  expect(told).toMatchObject([
    {
      path: ['body', 'thread'],
      params: { code: 'RULE_BROKEN' },
      message: expect.stringContaining('found 281 at place 2'),
    },
    { message: expect.stringContaining('x-post-length: at most 280, found 300 at place 3') },
  ]);
});

function errorOf(act: () => unknown): z.ZodError {
  try {
    act();
  } catch (error) {
    if (error instanceof z.ZodError) return error;
  }
  throw new Error('nothing was refused');
}
