import { z } from 'zod';
import { line, text } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { weightedLength } from '#base/text-length.ts';
import { type ContentBody, contentBody } from './body.ts';
import { brokenRules, saidOf } from './platform-rules.ts';

// The bounds only keep a request small: the platforms' own rules are stricter, and say which of them is broken.
const prose = (max: number) => text(max).transform((given) => given.normalize('NFC').replaceAll('\r\n', '\n').trim());
const tags = z.array(line(100)).max(100, 'At most 100.');
const hashtags = tags.transform((given) => given.map((tag) => tag.normalize('NFC').replace(/^#/u, '')));

/** A body as a person writes it; what is left out stays as it was. By GraphQL it holds exactly one kind. */
export const bodyInput = z.object({
  blog: z
    .object({
      title: line(1_000),
      slug: line(1_000).nullish(),
      excerpt: line(2_000).nullish(),
      markdown: prose(200_000),
      tags: tags.nullish(),
    })
    .nullish(),
  linkedin: z.object({ text: prose(20_000), hashtags: hashtags.nullish() }).nullish(),
  thread: z.object({ posts: z.array(prose(2_000)).max(100, 'At most 100.') }).nullish(),
  instagram: z
    .object({
      caption: prose(20_000),
      hashtags: hashtags.nullish(),
      slides: z.array(line(2_000)).max(100, 'At most 100.').nullish(),
    })
    .nullish(),
});

type BodyInput = z.output<typeof bodyInput>;

/** The input's field for each kind of post. */
const fields = { BLOG: 'blog', LINKEDIN: 'linkedin', TWITTER: 'thread', INSTAGRAM: 'instagram' } as const;

/**
 * The whole body after an edit. INVALID_INPUT for a body of another kind of post; throws a ZodError with one RULE_BROKEN
 * for each rule of the platform that it breaks.
 */
export function editedBody(input: BodyInput, before: ContentBody): ContentBody {
  const body = mergedBody(input, before);
  const field = fields[before.kind];
  if (body === null)
    throw new Problem('INVALID_INPUT', { reason: `This post takes \`${field}\`.`, path: ['input', 'body'] });
  return publishable(field).parse(body);
}

function mergedBody({ blog, linkedin, thread, instagram }: BodyInput, before: ContentBody): ContentBody | null {
  if (before.kind === 'BLOG') return blog ? { ...before, ...given(blog) } : null;
  if (before.kind === 'LINKEDIN') return linkedin ? { ...before, ...given(linkedin) } : null;
  if (before.kind === 'INSTAGRAM') return instagram ? { ...before, ...given(instagram) } : null;
  if (!thread) return null;
  return { ...before, posts: thread.posts.map((post) => ({ text: post, weightedLength: weightedLength(post) })) };
}

type Given<Fields extends object> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

/** The fields that are neither null nor left out. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  // What filtering takes away, the type of its entries does not say.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Given<Fields>;
}

const publishable = (field: string) =>
  contentBody.superRefine((body, context) => {
    for (const broken of brokenRules(body)) {
      const { message } = new Problem('RULE_BROKEN', { rule: saidOf(broken) });
      context.addIssue({ code: 'custom', path: ['body', field], message, params: { code: 'RULE_BROKEN' } });
    }
  });
