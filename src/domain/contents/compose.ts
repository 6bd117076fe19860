import { weightedLength } from '#base/text-length.ts';
import type { Draft, DraftSentence, TranscriptLine } from '#providers/language-model.ts';
import type { ContentBody, ContentSentence, SourceQuote } from './body.ts';
import { escapeMarkdown, plain, slugOf } from './compose-text.ts';

/** A post as it is stored: its body and, sentence by sentence, what of the recording supports it. */
export interface Composed {
  readonly body: ContentBody;
  readonly sentences: ContentSentence[];
}

/**
 * Joins the parts of a draft to a body and resolves its line numbers to the transcript's own words and times. Pure and
 * total: a body that breaks a rule comes back as it is, and a number without a line supports nothing.
 */
export function compose(draft: Draft, lines: readonly TranscriptLine[]): Composed {
  const byNumber = new Map(lines.map((line) => [line.id, line]));
  return {
    body: bodyOf(draft),
    sentences: sentencesOf(draft).map((sentence) => supportedSentence(sentence, byNumber)),
  };
}

type Paragraph = readonly DraftSentence[];
type BlogDraft = Extract<Draft, { kind: 'BLOG' }>;

function bodyOf(draft: Draft): ContentBody {
  if (draft.kind === 'BLOG') return blogBody(draft);
  if (draft.kind === 'TWITTER') return { kind: 'TWITTER', posts: numbered(draft.posts) };
  const hashtags = hashtagsOf(draft.hashtags);
  if (draft.kind === 'LINKEDIN') return { kind: 'LINKEDIN', text: plainText(draft.paragraphs), hashtags };
  const slides = draft.slides.map((slide) => plain(slide.text)).filter(Boolean);
  return { kind: 'INSTAGRAM', caption: plainText(draft.caption), hashtags, slides };
}

function blogBody(draft: BlogDraft): ContentBody {
  const title = plain(draft.title.text);
  return {
    kind: 'BLOG',
    title,
    slug: slugOf(title),
    excerpt: plain(draft.excerpt.text),
    markdown: draft.sections.flatMap((section, at) => sectionBlocks(draft, { section, at })).join('\n\n'),
    tags: [...new Set(draft.tags.map((tag) => plain(tag)).filter(Boolean))],
  };
}

/** The pull quote stands after the first section: late enough to be recognised, early enough to pull. */
function sectionBlocks(
  draft: BlogDraft,
  { section, at }: { section: BlogDraft['sections'][number]; at: number },
): string[] {
  const heading = section.heading ? [`## ${escapeMarkdown(section.heading)}`] : [];
  const quote = at === 0 && draft.quote ? [`> ${escapeMarkdown(draft.quote.text)}`] : [];
  const paragraphs = section.paragraphs.map((paragraph) => escapeMarkdown(joined(paragraph)));
  return [...heading, ...paragraphs.filter(Boolean), ...quote];
}

/** A single post needs no number; in a thread each carries ` n/m`, counted inside its length. */
function numbered(posts: readonly Paragraph[]): { text: string; weightedLength: number }[] {
  const texts = posts.map((post) => joined(post)).filter(Boolean);
  return texts.map((post, at) => {
    const text = texts.length === 1 ? post : `${post} ${at + 1}/${texts.length}`;
    return { text, weightedLength: weightedLength(text) };
  });
}

const plainText = (paragraphs: readonly Paragraph[]): string =>
  paragraphs
    .map((paragraph) => joined(paragraph))
    .filter(Boolean)
    .join('\n\n');

/** Scripts without spaces between sentences get none. */
function joined(paragraph: Paragraph): string {
  return paragraph.reduce((text, { text: next }) => {
    const gap = text === '' || /[。！？\u3040-\u30ff\u4e00-\u9fff]$/u.test(text) ? '' : ' ';
    return `${text}${gap}${plain(next)}`;
  }, '');
}

function hashtagsOf(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => tag.normalize('NFC').replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, ''));
  return [...new Map(clean.filter((tag) => /\p{L}/u.test(tag)).map((tag) => [tag.toLowerCase(), tag])).values()];
}

function sentencesOf(draft: Draft): DraftSentence[] {
  if (draft.kind === 'LINKEDIN') return draft.paragraphs.flat();
  if (draft.kind === 'TWITTER') return draft.posts.flat();
  if (draft.kind === 'INSTAGRAM') return [...draft.caption.flat(), ...draft.slides];
  const paragraphs = draft.sections.flatMap((section) => section.paragraphs.flat());
  return [draft.title, draft.excerpt, ...paragraphs, ...(draft.quote ? [draft.quote] : [])];
}

function supportedSentence(
  { text, lines }: DraftSentence,
  byNumber: ReadonlyMap<number, TranscriptLine>,
): ContentSentence {
  const named = [...new Set(lines)].sort((a, b) => a - b);
  const sources = named.flatMap((id): SourceQuote[] => {
    const line = byNumber.get(id);
    if (line === undefined) return [];
    return [{ segmentId: line.segmentId, startMs: line.startMs, endMs: line.endMs, text: line.text }];
  });
  return { text: plain(text), supported: sources.length > 0, sources };
}
