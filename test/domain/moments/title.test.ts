import { describe, expect, test } from 'vitest';
import { titleFrom } from '#domain/moments/title.ts';

describe('titleFrom', () => {
  test.each([
    [
      'So the lesson is simple: an index you never read is a tax you always pay.',
      'An index you never read is a tax you always pay',
    ],
    [
      'The key takeaway is that at least once delivery means your code must be safe to repeat.',
      'At least once delivery means your code must be safe to repeat',
    ],
    ['Let me tell you the most expensive bug I ever wrote.', 'The most expensive bug I ever wrote'],
    ['Um, okay, so, why do we cache things that are already fast?', 'Why do we cache things that are already fast?'],
    [
      'If you remember only one thing today, go and look at your retention settings.',
      'Go and look at your retention settings',
    ],
    [
      'Imagine a page that makes one hundred calls, and each is slow only one percent of the time.',
      'Imagine a page that makes one hundred calls',
    ],
    [
      'I will never forget the phone call that started with, are you sitting down right now or not?',
      'I will never forget the phone call that started with, are you sitting…',
    ],
    ['THIS IS NOT A DRILL', 'This is not a drill'],
    ['我们删除了十一个索引。', '我们删除了十一个索引'],
    ['Yes.', ''],
    ['', ''],
  ])('%j', (sentence, title) => {
    expect(titleFrom(sentence, 'en')).toBe(title);
  });
});
