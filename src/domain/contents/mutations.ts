import { builder, type Types } from '#graph/builder.ts';
import { mutation, type Payload, payloadType } from '#graph/mutation.ts';
import { runField } from '#graph/payload-fields.ts';
import { ContentRecipe } from '#graph/recipe-input.ts';
import { type ChangedContent, editContent, editContentInput } from './edit-content.ts';
import { generateContent, generateContentInput } from './generate-content.ts';
import { restoreContent, restoreContentInput } from './restore-content.ts';

type Done = { contentId: string | null };

const contentField = <D extends Done>(t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<D>>) =>
  t.prismaField({
    type: 'Content',
    nullable: true,
    description: 'The post as it is now.',
    resolve: (...[query, { contentId }, , { api }]) => {
      const selected = { ...query };
      return contentId ? api.database.prisma.content.findUnique({ ...selected, where: { id: contentId } }) : null;
    },
  });

mutation('generateContent', {
  about:
    'Write a post, or a new version of it, by a run of its own. The recording has one post of each kind and language.',
  check: generateContentInput,
  perform: generateContent,
  payload: payloadType<{ contentId: string | null; runId: string; replayed: boolean }>(
    'GenerateContentPayload',
    (t) => ({
      content: contentField(t),
      run: runField(t),
      replayed: t.boolean({
        description: 'True when the key had been used for this same request.',
        resolve: (payload) => payload.replayed ?? false,
      }),
    }),
  ),
  input: builder.inputType('GenerateContentInput', {
    description: 'Which post of which recording.',
    fields: (t) => ({
      uploadId: t.id({ required: true, description: 'The recording; it must have a transcript.' }),
      contentId: t.id({
        description: 'A post of it, to be written anew; by default the one of the kind and language.',
      }),
      recipe: t.field({ type: ContentRecipe, required: true, description: 'What is wished for.' }),
      highlightIds: t.idList({ description: 'Write only from these highlights, 1 to 50; by default from all of it.' }),
      fresh: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Ask the model again, also where it has answered the same question before.',
      }),
      idempotencyKey: t.string({ required: true, description: 'The same key starts one run; 1 to 64 characters.' }),
    }),
  }),
});

const Blog = builder.inputType('BlogBodyInput', {
  description: 'Article body; what is left out stays as it was.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'Headline, at most 100 characters.' }),
    slug: t.string({ description: 'For its address: lower case words joined by single dashes.' }),
    excerpt: t.string({ description: 'For lists and search results, at most 160 characters.' }),
    markdown: t.string({
      required: true,
      description: 'The article, without the headline, at most 100,000 characters.',
    }),
    tags: t.stringList({ description: 'Topics, at most 10.' }),
  }),
});

const LinkedIn = builder.inputType('LinkedInBodyInput', {
  description: 'LinkedIn body; what is left out stays as it was.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'Plain text, at most 3,000 characters with its hashtags.' }),
    hashtags: t.stringList({ description: 'With or without `#`.' }),
  }),
});

const Thread = builder.inputType('ThreadBodyInput', {
  description: 'Thread body.',
  fields: (t) => ({
    posts: t.stringList({ required: true, description: '1 to 25, each as it is published; at most 280 as X counts.' }),
  }),
});

const Instagram = builder.inputType('InstagramBodyInput', {
  description: 'Instagram body; what is left out stays as it was.',
  fields: (t) => ({
    caption: t.string({ required: true, description: 'At most 2,200 characters with its hashtags.' }),
    hashtags: t.stringList({ description: 'With or without `#`, at most 30.' }),
    slides: t.stringList({ description: 'One text per picture, at most 10 of 200 characters.' }),
  }),
});

const Body = builder.inputType('ContentBodyInput', {
  isOneOf: true,
  description: "Exactly the body of the content's kind.",
  fields: (t) => ({
    blog: t.field({ type: Blog, description: 'Of a BLOG.' }),
    linkedin: t.field({ type: LinkedIn, description: 'Of a LINKEDIN post.' }),
    thread: t.field({ type: Thread, description: 'Of a TWITTER thread.' }),
    instagram: t.field({ type: Instagram, description: 'Of an INSTAGRAM post.' }),
  }),
});

const changedPayload = (name: string) =>
  payloadType<ChangedContent>(name, (t) => ({
    content: contentField(t),
    version: t.prismaField({
      type: 'ContentVersion',
      nullable: true,
      description: 'The version in force.',
      resolve: (...[query, { versionId }, , { api }]) => {
        const selected = { ...query };
        return versionId
          ? api.database.prisma.contentVersion.findUnique({ ...selected, where: { id: versionId } })
          : null;
      },
    }),
  }));

mutation('editContent', {
  about: "Save a person's edit as a new version. Sentences that stay keep what supports them.",
  check: editContentInput,
  perform: editContent,
  payload: changedPayload('EditContentPayload'),
  input: builder.inputType('EditContentInput', {
    description: 'A post as a person wants it.',
    fields: (t) => ({
      contentId: t.id({ required: true, description: 'Which post.' }),
      baseVersion: t.int({ required: true, description: 'Number of the version that the person had before them.' }),
      body: t.field({ type: Body, required: true, description: 'All of it. It must keep the rules of its platform.' }),
    }),
  }),
});

mutation('restoreContent', {
  about: 'Make an old version current again, as a new version.',
  check: restoreContentInput,
  perform: restoreContent,
  payload: changedPayload('RestoreContentPayload'),
  input: builder.inputType('RestoreContentInput', {
    description: 'A version to go back to.',
    fields: (t) => ({
      contentId: t.id({ required: true, description: 'Which post.' }),
      versionId: t.id({ required: true, description: 'One of its versions.' }),
      baseVersion: t.int({
        description:
          'Number of the version that the person had before them; left out, whatever is in force by then is replaced.',
      }),
    }),
  }),
});
