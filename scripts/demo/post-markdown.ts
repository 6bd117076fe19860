import type { ContentKind, ResultsQuery } from '#generated/client/graphql.ts';
import { clock } from './figures.ts';

type Upload = Extract<NonNullable<ResultsQuery['node']>, { __typename: 'Upload' }>;
type Version = NonNullable<Upload['contents']['nodes'][number]['current']>;
type Sentence = Version['sentences'][number];

/** A post as the summary lists it. */
export interface SavedPost {
  readonly kind: ContentKind;
  readonly path: string;
  readonly sentences: number;
  /** Sentences that nothing in the recording supports: read them before publishing. */
  readonly unsupported: number;
}

/** File names of the posts, without ending. */
export const postNames: Record<ContentKind, string> = {
  BLOG: 'blog',
  LINKEDIN: 'linkedin',
  TWITTER: 'x-thread',
  INSTAGRAM: 'instagram',
};

/** A post for reading and copying, then each of its sentences with where in the recording it comes from. */
export const postMarkdown = (title: string, { body, sentences }: Version): string =>
  `${bodyMarkdown(body).trim()}\n\n---\n\n## Sources\n\nFrom “${title}”, as [minute:second] of the recording.\n\n${sentences.map(sourceLine).join('\n')}\n`;

function bodyMarkdown(body: Version['body']): string {
  if (body.__typename === 'BlogBody') return article(body);
  if (body.__typename === 'LinkedInBody') return `# LinkedIn\n\n${body.text}\n\n${hashtags(body.hashtags)}`;
  if (body.__typename === 'ThreadBody') return `# Thread on X\n\n${body.posts.map(short).join('\n\n---\n\n')}`;
  const slides = body.slides.map((slide, at) => `${at + 1}. ${slide}`).join('\n');
  return `# Instagram\n\n${body.caption}\n\n${hashtags(body.hashtags)}\n\n## Slides\n\n${slides}`;
}

const article = (body: { title: string; excerpt: string; markdown: string; tags: readonly string[] }): string =>
  `# ${body.title}\n\n> ${body.excerpt}\n\n${body.markdown}\n\n${hashtags(body.tags)}`;

const short = (post: { text: string; weightedLength: number }): string =>
  `${post.text}\n\n*${post.weightedLength} of 280*`;

/** With a backslash, or a line of them would read as a headline. */
const hashtags = (tags: readonly string[]): string => tags.map((tag) => `\\#${tag.replaceAll(/\s+/g, '')}`).join(' ');

function sourceLine({ text, supported, sources }: Sentence): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (!supported || sources.length === 0) return `- **[no source]** ${line}`;
  const places = sources.map(({ range }) => `[${clock(range.startMs)}-${clock(range.endMs)}]`);
  return `- ${places.join(' ')} ${line}`;
}
