import type { Completion } from './openai-completions.ts';

/** The numbered lines of a prompt's transcript. */
export function promptLines(prompt: string): { id: number; text: string }[] {
  const [, transcript = ''] = /<transcript>\n([\s\S]*)\n<\/transcript>/.exec(prompt) ?? [];
  return [...transcript.matchAll(/^\[(\d+)\] (.*)$/gm)].map(([, id, text = '']) => ({ id: Number(id), text }));
}

/** A model that answers every question well, with the lines it was shown as its sentences, round and round. */
export function wellRead({ schemaName, prompt }: Completion): unknown {
  const lines = promptLines(prompt);
  const line = (at: number) => lines[at % lines.length];
  const sentence = (at: number) => ({ text: line(at)?.text ?? '', lines: [line(at)?.id ?? -1] });
  const sentences = (from: number, count: number) => Array.from({ length: count }, (_, at) => sentence(from + at));
  switch (schemaName) {
    case 'moments':
      return { moments: [momentOf(lines[0]?.id ?? 0, lines.at(-1)?.id ?? 0)], subjects: [] };
    case 'lines':
      return { lines: lines.slice(0, 5).map(({ id }) => id) };
    case 'linkedin':
      return { paragraphs: [sentences(6, 1), sentences(8, 3)], hashtags: ['OnCall', 'sleep'] };
    case 'twitter':
      return { posts: [sentences(6, 2), sentences(12, 1), sentences(16, 2)] };
    case 'instagram':
      return { caption: [sentences(6, 2), sentences(12, 2)], hashtags: ['OnCall'], slides: sentences(16, 5) };
    default:
      return {
        title: sentence(6),
        excerpt: sentence(8),
        sections: [{ heading: 'Noise', paragraphs: [sentences(6, 4), sentences(12, 3)] }],
        quote: sentence(18),
        tags: ['on-call'],
      };
  }
}

/** A model that answers well and proposes two moments of two lines each. */
export const twoMoments = (asked: Completion): unknown =>
  asked.schemaName === 'moments' ? { moments: [momentOf(1, 2), momentOf(4, 5)], subjects: [] } : wellRead(asked);

/** A moment as a model scores it, three of four marks full and one a half. */
export const momentOf = (firstLine: number, lastLine: number) => ({
  firstLine,
  lastLine,
  title: 'Nobody reads alerts',
  summary: 'Most alerts need nobody.',
  topics: ['alerts'],
  hook: 25,
  standsAlone: 25,
  payoff: 25,
  novelty: 12,
});
