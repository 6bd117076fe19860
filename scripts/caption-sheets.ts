import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { openFolder } from '#base/temp.ts';
import { type ClipMs, clipMs, sourceMs, type Word } from '#base/time.ts';
import type { captionStyles } from '#captions/caption-styles.ts';
import { drawnCaptions } from '#captions/drawn-captions.ts';
import { safeAreas } from '#captions/safe-areas.ts';
import { burned, writeBurnable } from '#media/burn.ts';
import { spreadWords } from '#timeline/word-timing.ts';

const execute = promisify(execFile);

/** What is said on each sheet, in six seconds. */
const talks = {
  latin: { language: 'en', text: 'We removed eleven of them from a busy table, and the whole system got faster.' },
  cyrillic: {
    language: 'uk',
    text: 'Ми прибрали одинадцять індексів із великої таблиці, і вся система стала швидшою.',
  },
  arabic: { language: 'ar', text: 'حذفنا 11 فهرسًا من جدول Orders المزدحم، فأصبح النظام كله أسرع بنسبة 40%!' },
  hebrew: { language: 'he', text: 'מחקנו 11 אינדקסים מטבלת Orders העמוסה, וכל המערכת נעשתה מהירה יותר ב-40%!' },
  devanagari: { language: 'hi', text: 'हमने व्यस्त तालिका से ग्यारह इंडेक्स हटाए, और पूरा सिस्टम तेज़ हो गया।' },
  thai: { language: 'th', text: 'เราลบดัชนีสิบเอ็ดตัวออกจากตารางที่มีการใช้งานหนัก และระบบทั้งหมดก็เร็วขึ้น' },
  chinese: { language: 'zh', text: '我们从一张繁忙的表里删除了十一个索引，整个系统因此快了40%，写入只要9毫秒。' },
  taiwan: { language: 'zh-TW', text: '我們從一張繁忙的資料表裡刪除了十一個索引，整個系統因此快了40%。' },
  japanese: {
    language: 'ja',
    text: '混雑したテーブルから11個のインデックスを削除したところ、システム全体が速くなりました。',
  },
  korean: { language: 'ko', text: '바쁜 테이블에서 인덱스 열한 개를 삭제했더니 시스템 전체가 40% 빨라졌습니다.' },
  marks: {
    language: 'en',
    text: 'Type “{\\an8}” or C:\\Nexus 🎉 👩‍🔬 🇺🇦 and <b>it’s</b> "fine" & done, not 100 %.',
    shownAt: 0.5,
  },
} as const;

const frames = {
  landscape: { width: 1920, height: 1080 },
  square: { width: 1080, height: 1080 },
  portrait: { width: 1080, height: 1920 },
} as const;

const styles = ['PLAIN', 'BOXED', 'KARAOKE'] as const satisfies readonly (keyof typeof captionStyles)[];

/**
 * Draws every style in every shape and script, one sheet for each script, and the safe areas, into docs/images:
 * node scripts/caption-sheets.ts [names of sheets]. Needs ffmpeg with libass.
 */
async function draw(only: readonly string[]): Promise<void> {
  for (const [name, talk] of Object.entries(talks)) {
    if (only.length > 0 && !only.includes(name)) continue;
    await sheet(`docs/images/captions-${name}.jpg`, talk);
  }
  if (only.length === 0 || only.includes('safe-areas')) await safeAreaSheet('docs/images/captions-safe-areas.jpg');
}

/** The five safe areas side by side: what an app covers is tinted red. */
async function safeAreaSheet(file: string): Promise<void> {
  await using folder = await openFolder();
  const { portrait: frame } = frames;
  const names = ['EVERYWHERE', 'TIKTOK', 'INSTAGRAM', 'YOUTUBE', 'NONE'] as const;
  const chains: string[] = [];
  for (const [at, safeArea] of names.entries()) {
    const { ass } = drawnCaptions(wordsOf(talks.latin), { frame, style: 'KARAOKE', safeArea, language: 'en' });
    const assFile = folder.file(`${safeArea}.ass`);
    await writeBurnable(assFile, ass);
    const { side, bottom } = safeAreas[safeArea];
    const covered = [
      `0:0:${side}:1920`,
      `${1080 - side}:0:${side}:1920`,
      `${side}:${1920 - bottom}:${1080 - 2 * side}:${bottom}`,
    ];
    const tinted = covered.map((box) => `drawbox=${box}:red@0.35:fill`).join(',');
    chains.push(
      `[${at}:v]setpts=PTS+2.2/TB,${tinted}[b${at}];${burned(assFile, { input: `b${at}`, output: `c${at}` })};[c${at}]scale=-2:640[t${at}]`,
    );
  }
  const graph = [...chains, `${names.map((_, at) => `[t${at}]`).join('')}hstack=${names.length}[sheet]`];
  const inputs = names.flatMap(() => ['-f', 'lavfi', '-i', backdrop(frame)]);
  await execute('ffmpeg', ['-v', 'error', ...inputs, '-filter_complex', graph.join(';'), ...outputTo(file)]);
}

interface Talk {
  readonly language: string;
  readonly text: string;
  /** Seconds into the talk; 2.2 where nothing is said. */
  readonly shownAt?: number;
}

async function sheet(file: string, talk: Talk): Promise<void> {
  await using folder = await openFolder();
  const rows: string[] = [];
  const inputs: string[] = [];
  for (const style of styles) {
    for (const frame of Object.values(frames)) {
      const { ass } = drawnCaptions(wordsOf(talk), { frame, style, safeArea: 'EVERYWHERE', language: talk.language });
      const assFile = folder.file(`${rows.length}.ass`);
      await writeBurnable(assFile, ass);
      const at = rows.length;
      inputs.push('-f', 'lavfi', '-i', backdrop(frame));
      rows.push(
        `[${at}:v]setpts=PTS+${talk.shownAt ?? 2.2}/TB[b${at}];${burned(assFile, { input: `b${at}`, output: `c${at}` })};` +
          `[c${at}]scale=-2:480[t${at}]`,
      );
    }
  }
  const lines = styles.map((_, row) => `[t${row * 3}][t${row * 3 + 1}][t${row * 3 + 2}]hstack=3[r${row}]`);
  const graph = [...rows, ...lines, `${styles.map((_, row) => `[r${row}]`).join('')}vstack=${styles.length}[sheet]`];
  await execute('ffmpeg', ['-v', 'error', ...inputs, '-filter_complex', graph.join(';'), ...outputTo(file)]);
}

const outputTo = (file: string): string[] => [
  '-map',
  '[sheet]',
  '-frames:v',
  '1',
  '-q:v',
  '4',
  '-y',
  path.resolve(file),
];

/** From white to nearly black, with a warm middle: letters must be legible on all of it. */
const backdrop = ({ width, height }: { width: number; height: number }): string =>
  `gradients=s=${width}x${height}:r=1:d=1:n=3:c0=white:c1=0xc9874b:c2=0x101820:x0=0:y0=${height}:x1=${width}:y1=${height / 2}:seed=1`;

const wordsOf = ({ text }: Talk): Word<ClipMs>[] =>
  spreadWords({ startMs: sourceMs(0), endMs: sourceMs(6_000), text }, []).map((word) => ({
    ...word,
    startMs: clipMs(word.startMs),
    endMs: clipMs(word.endMs),
  }));

await draw(process.argv.slice(2));
