import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { captionLayouts } from '#captions/caption-layouts.ts';
import { badBreak, breakCosts } from '#captions/caption-lines.ts';
import { captionCues } from '#captions/captions.ts';
import { numberLists } from '#captions/number-lists.ts';
import { isNumberWord } from '#captions/number-words.ts';
import { spreadWords } from '#timeline/word-timing.ts';
import { said } from '../support/speech.ts';

describe('number words', () => {
  test.each([
    ['en', 'zero eleven twenty twenty-one ninety-nine hundred thousand million', 'table often money'],
    ['de', 'null zwei elf zwanzig einundzwanzig zweihundert neunundneunzig tausend millionen', 'tabelle eins achtung'],
    ['fr', 'deux onze vingt vingt-deux quatre-vingt-dix-neuf cent mille millions', 'table onzième'],
    ['es', 'dos once veinte veintidós doscientas mil millones', 'tabla onceavo'],
    ['it', 'due undici venti ventuno ventotto quarantadue trecento mila', 'tavola dunque'],
    ['pt', 'dois onze vinte quinhentas mil milhões', 'tabela doze-avos'],
    ['nl', 'twee elf twintig eenentwintig tweeëntwintig tweehonderd duizend', 'tabel tweede'],
    ['sv', 'två elva tjugo tjugoett tvåhundra tusen', 'tabell andra'],
    ['da', 'to elleve tyve enogtyve halvfjerds tohundrede tusind', 'tabel anden'],
    ['nb', 'to elleve tjue tjueen sju tohundre tusen', 'tabell andre'],
    ['nn', 'tjue', 'tabell'],
    ['pl', 'dwa jedenaście dwudziestu dwieście pięćset tysięcy miliony', 'tabela drugi'],
    ['ru', 'два одиннадцать двадцати двести пятьсот тысяч миллионов', 'таблица второй'],
    ['uk', "дві одинадцять п'ятнадцять двадцяти двісті п'ятсот тисяч мільйонів", 'таблиця другий'],
    ['hi', 'दो ग्यारह बीस सौ हज़ार लाख', 'तालिका'],
    ['th', 'สอง สิบเอ็ด ยี่สิบ ร้อย พัน ล้าน', 'ตาราง'],
    ['ko', '두 열한 스물세 백 삼백오십 천', '테이블 일'],
    ['zh', '两 十一 一百二十 千', '表 一张'],
    ['zh-TW', '兩 十一 萬 億', '表'],
    ['ja', '二 十一 三千 万', '表'],
  ])('of %s are known, also those that are written together', (language, numbers, others) => {
    expect(numbers.split(' ').filter((word) => !isNumberWord(word, language))).toEqual([]);
    expect(others.split(' ').filter((word) => isNumberWord(word, language))).toEqual([]);
  });

  test('cling to what they count, in every language that has them', () => {
    const cases = Object.entries(numberLists).flatMap(([language, { words }]) =>
      words.split(' ').map((word) => [language, word] as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), ([language, word]) => {
        const [, cost = 0] = breakCosts(said(`${word} xyzzy`), language);
        expect(cost).toBeGreaterThan(badBreak);
      }),
      { numRuns: cases.length },
    );
  });

  test('are free before what they do not count, and behind a mark', () => {
    const [, , before = 100] = breakCosts(said('dropped to nine because'), 'en').slice(1);
    expect(before).toBeLessThan(badBreak);
    expect(breakCosts(said('from forty to nine, trees'), 'en').at(-1)).toBeLessThan(badBreak);
    expect(breakCosts(said('eleven of them'), 'en').at(1)).toBeGreaterThan(badBreak);
  });

  test.each([
    {
      language: 'en',
      text: 'Writes dropped from forty trees to nine of them, and twenty-one trees were gone.',
    },
    { language: 'uk', text: 'Ми прибрали одинадцять індексів із великої таблиці, і вся система стала швидшою.' },
    { language: 'ko', text: '바쁜 테이블에서 인덱스 열한 개를 삭제했더니 시스템 전체가 40% 빨라졌습니다.' },
    { language: 'th', text: 'เราลบดัชนีสิบเอ็ดตัวออกจากตารางที่มีการใช้งานหนัก และระบบทั้งหมดก็เร็วขึ้น' },
    { language: 'zh', text: '我们从一张繁忙的表里删除了十一个索引，整个系统因此快了40%，写入只要9毫秒。' },
    { language: 'hi', text: 'हमने व्यस्त तालिका से ग्यारह इंडेक्स हटाए, और पूरा सिस्टम तेज़ हो गया।' },
  ])('end neither a line nor a caption ($language)', ({ language, text }) => {
    const words = spreadWords({ startMs: sourceMs(0), endMs: sourceMs(6_000), text }, []);
    for (const layout of Object.values(captionLayouts)) {
      const lines = captionCues(words, layout, language).flatMap((cue) => cue.lines);
      expect(lines.join(' | ')).not.toMatch(
        /(forty|nine|twenty-one|одинадцять|великої|열한|สิบเอ็ด|งาน|การ|ที่|十一?|的|ग्यारह) \| /u,
      );
    }
  });
});

describe('numbers of several letters', () => {
  const numerals = fc.array(fc.constantFrom('一', '二', '三', '九', '十', '百', '千'), { minLength: 2, maxLength: 6 });

  test('are one word to a highlight, however they were heard', () => {
    fc.assert(
      fc.property(numerals, (letters) => {
        const words = said('我们', letters.join(' '), '索引');
        const [cue] = captionCues(words, captionLayouts.LANDSCAPE, 'zh');
        expect(cue?.words.map(({ text }) => text)).toEqual(['我们', letters.join(''), '索引']);
        expect(cue?.words[1]).toMatchObject({ startMs: words[1]?.startMs, endMs: words.at(-2)?.endMs });
      }),
    );
  });

  test('are so in Thai', () => {
    const words = spreadWords({ startMs: sourceMs(0), endMs: sourceMs(4_000), text: 'ดัชนีสิบเอ็ดตัว' }, []);
    const [cue] = captionCues(words, captionLayouts.LANDSCAPE, 'th');
    expect(cue?.words.map(({ text }) => text)).toEqual(['ดัชนี', 'สิบเอ็ด', 'ตัว']);
  });

  test('are never longer than a line', () => {
    const cues = captionCues(said('一 二 三 四 五 六 七 八 九 十 一 二'), captionLayouts.PORTRAIT, 'zh');
    expect(cues.flatMap((cue) => cue.lines).filter((line) => line.length > 8)).toEqual([]);
    expect(cues.map((cue) => cue.text.replaceAll('\n', '')).join('')).toBe('一二三四五六七八九十一二');
  });
});
