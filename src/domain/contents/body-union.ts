import { builder } from '#graph/builder.ts';
import type { ContentBody } from './body.ts';

type BodyOf<Kind extends ContentBody['kind']> = Extract<ContentBody, { kind: Kind }>;

const Blog = builder.objectRef<BodyOf<'BLOG'>>('BlogBody').implement({
  description: 'Long article.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Headline.' }),
    slug: t.exposeString('slug', { description: 'For its address.' }),
    excerpt: t.exposeString('excerpt', { description: 'For lists and search results.' }),
    markdown: t.exposeString('markdown', { description: 'The article, without the headline.' }),
    tags: t.exposeStringList('tags', { description: 'Topics.' }),
  }),
});

const LinkedIn = builder.objectRef<BodyOf<'LINKEDIN'>>('LinkedInBody').implement({
  description: 'Single LinkedIn post.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'Plain text.' }),
    hashtags: t.exposeStringList('hashtags', { description: 'Without `#`.' }),
  }),
});

const ThreadPost = builder.objectRef<BodyOf<'TWITTER'>['posts'][number]>('ThreadPost').implement({
  description: 'One post of a thread.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'Its number in the thread included.' }),
    weightedLength: t.exposeInt('weightedLength', { description: 'As X counts: at most 280.' }),
  }),
});

const Thread = builder.objectRef<BodyOf<'TWITTER'>>('ThreadBody').implement({
  description: 'Ordered short posts, each inside the platform limit.',
  fields: (t) => ({ posts: t.expose('posts', { type: [ThreadPost], description: 'In order.' }) }),
});

const Instagram = builder.objectRef<BodyOf<'INSTAGRAM'>>('InstagramBody').implement({
  description: 'Instagram caption with slide texts.',
  fields: (t) => ({
    caption: t.exposeString('caption', { description: 'Under the pictures.' }),
    hashtags: t.exposeStringList('hashtags', { description: 'Without `#`.' }),
    slides: t.exposeStringList('slides', { description: 'One text per picture.' }),
  }),
});

const refs = { BLOG: Blog, LINKEDIN: LinkedIn, TWITTER: Thread, INSTAGRAM: Instagram };

export const Body = builder.unionType('ContentBody', {
  description: 'Body by kind.',
  types: Object.values(refs),
  resolveType: ({ kind }) => refs[kind],
});
