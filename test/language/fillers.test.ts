import { expect, test } from 'vitest';
import { isFiller } from '#language/fillers.ts';

test.each([
  ['Um,', 'en', true],
  ['er', 'en-GB', true],
  ['er', 'de', false],
  ['Ähm …', 'de-AT', true],
  ['euh', 'fr', true],
  ['este', 'es', false],
  ['hmm.', 'fi', true],
  ['um', 'fi', false],
  ['um', 'pt', false],
  ['uh-huh', 'en', false],
  ['summer', 'en', false],
  ['—', 'en', false],
])('%s in %s is a filler: %s', (text, language, expected) => {
  expect(isFiller(text, language)).toBe(expected);
});
