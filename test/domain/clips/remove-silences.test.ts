import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { graphql } from '#generated/client/gql.ts';
import { finalize, type House, sendBytes } from '../../support/house.ts';
import { ffmpegForTests, made } from '../../support/media.ts';
import { drawingFfmpeg } from '../../support/odd-ffmpeg.ts';
import { openSpokenHouse } from '../../support/spoken-house.ts';

const readDocument = graphql(`
  query PausesOfTalk($id: ID!) {
    node(id: $id) {
      ... on Upload {
        clips {
          nodes {
            range { startMs endMs }
            cuts { startMs endMs }
            captions { link { url } }
            renditions { status media { durationMs } }
          }
        }
      }
    }
  }
`);

interface Said {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Two seconds of voice every 3.5 s, so that there are pauses of 1.5 s; room around the hesitation in each. */
const stretchesMs = [0, 3_500, 7_000, 10_500];
const said: Said[] = [
  ['Before', 'we', 'measured', 'anything'],
  ['Nobody', 'had', 'counted', 'bytes'],
  ['Every', 'worker', 'writes', 'gigabytes'],
  ['Suddenly', 'the', 'disk', 'overflowed'],
].flatMap(([first = '', second = '', third = '', last = ''], at) =>
  [
    { text: first, startMs: 100, endMs: 400 },
    { text: second, startMs: 420, endMs: 700 },
    { text: 'um,', startMs: 900, endMs: 1_100 },
    { text: third, startMs: 1_300, endMs: 1_580 },
    { text: `${last}.`, startMs: 1_600, endMs: 1_950 },
  ].map(({ text, ...span }) => moved({ text, ...span }, stretchesMs[at] ?? 0)),
);

function moved({ text, startMs, endMs }: Said, byMs: number): Said {
  return { text, startMs: startMs + byMs, endMs: endMs + byMs };
}

test('where pauses and hesitation are left out, captions say each word when it is heard', async () => {
  await using tools = await openFolder();
  const program = tools.file('ffmpeg');
  await using spoken = await openSpokenHouse({ FFMPEG_PATH: await drawingFfmpeg(program) });
  spoken.openai.answers.transcription = () => ({
    language: 'english',
    words: said.map(({ text, startMs, endMs }) => ({ word: text, start: startMs / 1_000, end: endMs / 1_000 })),
  });
  const clip = await clipOf(spoken.house);
  const { cuts, range } = clip;

  const inside = said.filter(({ startMs, endMs }) => startMs >= range.startMs && endMs <= range.endMs);
  const kept = inside.filter(({ text }) => text !== 'um,');
  const pauses = inside.filter(({ text }, at) => text.endsWith('.') && at < inside.length - 1);
  expect(pauses.length, 'pauses inside the clip').toBeGreaterThan(0);
  expect(cuts).toHaveLength(1 + pauses.length + inside.length - kept.length);
  for (const word of kept) expect(placeOf(word, cuts), `${word.text} is whole in one cut`).toBeDefined();
  const keptMs = cuts.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  expect(range.endMs - range.startMs - keptMs).toBeGreaterThanOrEqual(900 * pauses.length);
  expect(Math.abs((clip.renditions[0]?.media?.durationMs ?? 0) - keptMs)).toBeLessThanOrEqual(40);

  const vtt = await (await fetch(clip.captions?.link?.url ?? '')).text();
  const sentences = kept.filter((_, at) => at === 0 || kept[at - 1]?.text.endsWith('.'));
  expect(cuesOf(vtt)).toEqual(sentences.map((word) => ({ atMs: placeOf(word, cuts), word: word.text })));
  // The format's own grid is 10 ms.
  const drawn = kept.map((word) => ({ atMs: Math.round((placeOf(word, cuts) ?? 0) / 10) * 10, word: word.text }));
  expect(spokenIn(await readFile(`${program}.ass`, 'utf8'))).toEqual(drawn);
}, 120_000);

/** The clip of the four sentences that a run with drawn captions makes. */
async function clipOf(house: House) {
  const voice = 'if(lt(mod(t,3.5),2),0.12*(random(0)-0.5)*(1+sin(2*PI*4*t)),0)+0.0006*(random(1)-0.5)';
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const inputs = ['testsrc2=s=640x360:r=25:d=14', `aevalsrc='${voice}':s=48000:d=14`];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const file = await made(ffmpeg, 'pauses.mp4', [
    ...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input]),
    ...codecs,
  ]);
  const uploadId = await sendBytes(house, await readFile(file));
  const { run } = await finalize(house, uploadId, {
    highlights: { count: 1, minDurationMs: 8_000, maxDurationMs: 14_000 },
    clips: {
      presets: ['LANDSCAPE_720P'],
      captionStyle: 'BURNED_KARAOKE',
      removeSilences: true,
      removeFillers: true,
      reel: false,
    },
  });
  expect((await house.follow(run?.id ?? '')).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
  const { data } = await house.send(readDocument, { id: uploadId });
  const [clip] = data.node && 'clips' in data.node ? data.node.clips.nodes : [];
  if (!clip) throw new Error('there is no clip');
  return clip;
}

type Range = Omit<Said, 'text'>;

/** When a word is heard in the clip; undefined where it is not, or not whole. */
function placeOf({ startMs, endMs }: Range, cuts: readonly Range[]): number | undefined {
  let beforeMs = 0;
  for (const cut of cuts) {
    if (startMs >= cut.startMs && endMs <= cut.endMs) return beforeMs + startMs - cut.startMs;
    beforeMs += cut.endMs - cut.startMs;
  }
  return undefined;
}

/** When the cues of a VTT file begin, each with its first word. */
const cuesOf = (vtt: string): Heard[] => [...vtt.matchAll(/^(\S+) --> .*\n(\S+)/gm)].map(heard);

/** When the words of an ASS file are drawn as spoken: the first change of colour in an event. */
const spokenIn = (ass: string): Heard[] =>
  [...ass.matchAll(/^Dialogue: 0,([^,]+),.*?\{\\c[^}]*\}([^{\n]+)/gm)].map(heard);

interface Heard {
  readonly atMs: number;
  readonly word: string;
}

function heard([, clock = '', word = '']: RegExpMatchArray): Heard {
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { atMs: Math.round(seconds * 1_000), word };
}
