import { z } from 'zod';

const blog = z.object({
  kind: z.literal('BLOG'),
  title: z.string(),
  slug: z.string(),
  excerpt: z.string(),
  markdown: z.string(),
  tags: z.array(z.string()),
});

const linkedin = z.object({ kind: z.literal('LINKEDIN'), text: z.string(), hashtags: z.array(z.string()) });

const thread = z.object({
  kind: z.literal('TWITTER'),
  posts: z.array(z.object({ text: z.string(), weightedLength: z.int() })),
});

const instagram = z.object({
  kind: z.literal('INSTAGRAM'),
  caption: z.string(),
  hashtags: z.array(z.string()),
  slides: z.array(z.string()),
});

/** The stored body of a post, by kind. Hashtags are kept without their `#`. */
export const contentBody = z.discriminatedUnion('kind', [blog, linkedin, thread, instagram]);
export type ContentBody = z.output<typeof contentBody>;

/** Words of the recording, exactly as transcribed, with where they are in milliseconds of the recording. */
const sourceQuote = z.object({ segmentId: z.string(), startMs: z.int(), endMs: z.int(), text: z.string() });
export type SourceQuote = z.output<typeof sourceQuote>;

/** The stored sentences of a post: each with what supports it, `supported: false` when nothing does. */
export const contentSentences = z.array(
  z.object({ text: z.string(), supported: z.boolean(), sources: z.array(sourceQuote) }),
);
export type ContentSentence = z.output<typeof contentSentences>[number];

/** The texts that reach the platform, one per post: with the hashtags where the platform keeps them in the text. */
export function publishedTexts(body: ContentBody): string[] {
  if (body.kind === 'BLOG') return [body.markdown];
  if (body.kind === 'TWITTER') return body.posts.map((post) => post.text);
  return [withHashtags(body.kind === 'LINKEDIN' ? body.text : body.caption, body.hashtags)];
}

function withHashtags(text: string, hashtags: readonly string[]): string {
  return hashtags.length === 0 ? text : `${text}\n\n${hashtags.map((tag) => `#${tag}`).join(' ')}`;
}
