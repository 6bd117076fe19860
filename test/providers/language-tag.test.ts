import { expect, test } from 'vitest';
import { languageTag, primaryOf, sameLanguage } from '#providers/language-tag.ts';

test.each([
  ['english', 'en'],
  ['Haitian Creole', 'ht'],
  ['cantonese', 'yue'],
  ['hebrew', 'he'],
  ['eng', 'en'],
  ['ger', 'de'],
  ['iw', 'he'],
  ['jw', 'jv'],
  ['pt_BR', 'pt-BR'],
  ['ZH-hant-tw', 'zh-Hant-TW'],
  ['', 'und'],
  ['klingonese', 'und'],
  ['not a language!', 'und'],
])('%s is %s', (said, tag) => {
  expect(languageTag(said)).toBe(tag);
});

test('every name of whisper is known', () => {
  // The list of whisper's tokenizer.
  const names =
    'english chinese german spanish russian korean french japanese portuguese turkish polish catalan dutch arabic ' +
    'swedish italian indonesian hindi finnish vietnamese hebrew ukrainian greek malay czech romanian danish hungarian ' +
    'tamil norwegian thai urdu croatian bulgarian lithuanian latin maori malayalam welsh slovak telugu persian latvian ' +
    'bengali serbian azerbaijani slovenian kannada estonian macedonian breton basque icelandic armenian nepali mongolian ' +
    'bosnian kazakh albanian swahili galician marathi punjabi sinhala khmer shona yoruba somali afrikaans occitan ' +
    'georgian belarusian tajik sindhi gujarati amharic yiddish lao uzbek faroese pashto turkmen nynorsk maltese sanskrit ' +
    'luxembourgish myanmar tibetan tagalog malagasy assamese tatar hawaiian lingala hausa bashkir javanese sundanese ' +
    'cantonese';
  expect(names.split(' ').filter((name) => languageTag(name) === 'und')).toEqual([]);
});

test('regions and scripts do not make another language', () => {
  expect(sameLanguage('eng', 'en-GB')).toBe(true);
  expect(sameLanguage('de', 'nl')).toBe(false);
  expect(primaryOf('zh-Hant')).toBe('zh');
});
