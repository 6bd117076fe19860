import type { ContentBody } from './body.ts';
import { plain } from './compose-text.ts';

/**
 * The paragraphs of a body as plain text, as `compose` hands on their sentences: without headings, marks of markdown and
 * the numbers of a thread. Hashtags say nothing that could be supported.
 */
export function readableBlocks(body: ContentBody): string[] {
  return blocksOf(body)
    .map((block) => plain(block))
    .filter(Boolean);
}

function blocksOf(body: ContentBody): string[] {
  if (body.kind === 'LINKEDIN') return paragraphs(body.text);
  if (body.kind === 'TWITTER')
    return body.posts.flatMap(({ text }) => paragraphs(text.replace(/\s*\b\d{1,2}\/\d{1,2}$/u, '')));
  if (body.kind === 'INSTAGRAM') return [...paragraphs(body.caption), ...body.slides];
  return [
    body.title,
    body.excerpt,
    ...paragraphs(body.markdown)
      .filter((block) => !heading.test(block))
      .map(unescaped),
  ];
}

const heading = /^#{1,6} /u;

const paragraphs = (text: string): string[] =>
  text.split(/\n\s*\n|\n(?=\s*(?:[-*+>#]|\d+[.)]) )/u).map((block) => block.trim());

/** Markdown without what makes a quote, a list or an escaped mark of it. */
const unescaped = (block: string): string =>
  block.replaceAll(/^(?:> ?|[-*+] |\d+[.)] )/gmu, '').replaceAll(/\\([^\p{L}\p{N}\s])/gu, '$1');
