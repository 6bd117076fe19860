import path from 'node:path';
import { type Span, sourceMs, type Word } from '#base/time.ts';

/** A talk whose truth is known. */
export interface Talk {
  readonly name: string;
  readonly file: string;
  readonly durationMs: number;
  readonly words: readonly TrueWord[];
  /** Passages that were planted as worth a clip. */
  readonly passages: readonly Span[];
  /** Where the picture shows the camera, in pixels. */
  readonly camera: Box;
}

export interface TrueWord extends Word {
  readonly startsSentence: boolean;
  readonly endsSentence: boolean;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A talk's truth as the corpus writes it, in seconds. */
interface Truth {
  readonly duration: number;
  readonly words: readonly { readonly w: string; readonly s: number; readonly e: number; readonly sentence: number }[];
  readonly sentences: readonly {
    readonly s: number;
    readonly e: number;
    readonly tag: string;
    readonly topic: number;
  }[];
  readonly camera: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** The talk that the corpus made in a folder, from what its `truth.json` says. */
export function talkOf(folder: string, { duration, words, sentences, camera }: Truth): Talk {
  return {
    name: path.basename(path.resolve(folder)),
    file: path.join(folder, 'lecture.mp4'),
    durationMs: duration * 1000,
    words: words.map(({ w, s, e, sentence }, at) => ({
      text: w,
      startMs: sourceMs(s * 1000),
      endMs: sourceMs(e * 1000),
      startsSentence: words[at - 1]?.sentence !== sentence,
      endsSentence: words[at + 1]?.sentence !== sentence,
    })),
    passages: passagesOf(sentences.filter(({ tag }) => tag === 'highlight')),
    camera: { x: camera.x, y: camera.y, width: camera.w, height: camera.h },
  };
}

/** One passage for each topic. */
function passagesOf(sentences: Truth['sentences']): Span[] {
  const topics = [...new Set(sentences.map(({ topic }) => topic))];
  return topics.map((topic) => {
    const said = sentences.filter((sentence) => sentence.topic === topic);
    return {
      startMs: sourceMs(Math.min(...said.map(({ s }) => s)) * 1000),
      endMs: sourceMs(Math.max(...said.map(({ e }) => e)) * 1000),
    };
  });
}
