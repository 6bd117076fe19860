import { clock } from './figures.ts';

interface Highlight {
  readonly title: string;
  readonly summary: string;
  readonly quote: string;
  readonly importance: number;
  readonly topics: readonly string[];
  readonly range: { readonly startMs: number; readonly endMs: number; readonly durationMs: number };
}

/** The moments that were chosen, in the order of the recording. */
export const highlightsMarkdown = (title: string, highlights: readonly Highlight[]): string =>
  `# Highlights of “${title}”\n\n${highlights.map(section).join('\n\n')}\n`;

const section = ({ title, summary, quote, importance, topics, range }: Highlight): string =>
  [
    `## ${title}`,
    `${clock(range.startMs)}-${clock(range.endMs)} · ${clock(range.durationMs)} long · importance ${importance.toFixed(2)}`,
    summary,
    `> ${quote}`,
    ...(topics.length > 0 ? [`Topics: ${topics.join(', ')}`] : []),
  ].join('\n\n');
