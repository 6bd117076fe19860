import { z } from 'zod';
import { CaptionStyle, ContentKind, RenditionPreset, SafeArea } from '#generated/prisma/enums.ts';
import { type Recipe, recipe } from '#pipeline/recipe.ts';
import { builder, type Types } from './builder.ts';

/** Target shapes. */
export const Preset = builder.enumType('RenditionPreset', {
  description: 'Target shapes.',
  values: {
    LANDSCAPE_1080P: { description: '1920 × 1080.' },
    LANDSCAPE_720P: { description: '1280 × 720.' },
    PORTRAIT_1080P: { description: '1080 × 1920, for phones.' },
    SQUARE_1080P: { description: '1080 × 1080.' },
    AUDIO_ONLY: { description: 'Sound without picture.' },
  } satisfies Record<RenditionPreset, object>,
});

/** How captions are put on the picture. */
export const CaptionStyleEnum = builder.enumType('CaptionStyle', {
  description: 'How captions are put on the picture.',
  values: {
    NONE: { description: 'Not at all.' },
    SIDECAR: { description: 'As files beside the video.' },
    BURNED_PLAIN: { description: 'Drawn on the picture, line by line.' },
    BURNED_BOXED: { description: 'Drawn on the picture, on a dark box.' },
    BURNED_KARAOKE: { description: 'Drawn on the picture, the spoken word lit up.' },
  } satisfies Record<CaptionStyle, object>,
});

/** Whose buttons captions stay clear of. */
export const SafeAreaEnum = builder.enumType('SafeArea', {
  description: 'Whose buttons captions stay clear of.',
  values: {
    EVERYWHERE: { description: 'Of all platforms below.' },
    TIKTOK: { description: 'TikTok.' },
    INSTAGRAM: { description: 'Reels on Instagram.' },
    YOUTUBE: { description: 'Shorts on YouTube.' },
    NONE: { description: 'Nothing covers the picture.' },
  } satisfies Record<SafeArea, object>,
});

/** Where a post is meant to live. */
export const ContentKindEnum = builder.enumType('ContentKind', {
  description: 'Where the post is meant to live.',
  values: {
    BLOG: { description: 'Long article.' },
    LINKEDIN: { description: 'Single LinkedIn post.' },
    TWITTER: { description: 'Thread of short posts on X.' },
    INSTAGRAM: { description: 'Caption with slides.' },
  } satisfies Record<ContentKind, object>,
});

const HighlightRecipe = builder.inputType('HighlightRecipeInput', {
  description: 'How many highlights and how long.',
  fields: (t) => ({
    count: t.int({ required: true, defaultValue: 5, description: 'At most this many, 1 to 15.' }),
    minDurationMs: t.field({ type: 'Milliseconds', required: true, defaultValue: 15_000, description: 'Shortest.' }),
    maxDurationMs: t.field({ type: 'Milliseconds', required: true, defaultValue: 90_000, description: 'Longest.' }),
    topics: t.stringList({ description: 'Favour moments about these.' }),
  }),
});

/** How captions are shown: in every input that asks for pictures. */
export const captionFields = (t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>) => ({
  captionStyle: t.field({
    type: CaptionStyleEnum,
    required: true,
    defaultValue: 'BURNED_KARAOKE',
    description: 'How captions are put on the picture.',
  }),
  safeArea: t.field({
    type: SafeAreaEnum,
    required: true,
    defaultValue: 'EVERYWHERE',
    description: 'Whose buttons drawn captions stay clear of, in upright shapes.',
  }),
});

const ClipRecipe = builder.inputType('ClipRecipeInput', {
  description: 'Shapes made for each selected highlight.',
  fields: (t) => ({
    presets: t.field({ type: [Preset], required: true, description: 'One rendition per clip and shape.' }),
    ...captionFields(t),
    removeSilences: t.boolean({ required: true, defaultValue: true, description: 'Leave long pauses out.' }),
    removeFillers: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Also leave out sounds of hesitation such as `um`, where pauses around them allow it.',
    }),
    reel: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Also join the highlights, in timeline order, to one video in the first shape.',
    }),
  }),
});

/** One post, as the caller wishes for it. */
export const ContentRecipe = builder.inputType('ContentRecipeInput', {
  description: 'A post wanted from the run.',
  fields: (t) => ({
    kind: t.field({ type: ContentKindEnum, required: true, description: 'Where it is meant to live.' }),
    language: t.field({ type: 'LanguageTag', description: "By default the transcript's." }),
    tone: t.string({ description: "Such as `plain` or `playful`; the extractive method keeps the speaker's own." }),
    maxLength: t.int({ description: 'Longest body in characters, below what the platform allows.' }),
  }),
});

/** What a run should produce, as the caller says it. */
export const RecipeInput = builder.inputType('RecipeInput', {
  description: 'What a run should produce; absent means not wanted. One that asks for nothing is refused.',
  fields: (t) => ({
    transcript: t.boolean({
      description: 'Timed words and captions. Everything else is made from them and implies them.',
    }),
    language: t.field({ type: 'LanguageTag', description: 'Spoken language, when it should not be detected.' }),
    highlights: t.field({ type: HighlightRecipe, description: 'Moments worth sharing; implied by `clips`.' }),
    clips: t.field({ type: ClipRecipe, description: 'Videos of the highlights.' }),
    contents: t.field({ type: [ContentRecipe], description: 'Written posts, one per kind.' }),
  }),
});

const defaultHighlights = { count: 5, minDurationMs: 15_000, maxDurationMs: 90_000, topics: [] };
const language = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** A checked recipe. Clips need highlights, so asking for clips alone asks for the default highlights too. */
export const recipeInput = z
  .object({
    transcript: z.boolean().nullish(),
    language,
    highlights: z
      .object({ count: z.int(), minDurationMs: z.int(), maxDurationMs: z.int(), topics: z.array(z.string()).nullish() })
      .refine((wanted) => wanted.minDurationMs < wanted.maxDurationMs, {
        path: ['minDurationMs'],
        message: 'Must be shorter than maxDurationMs.',
      })
      .nullish(),
    clips: z
      .object({
        presets: z.array(z.enum(RenditionPreset)).transform((presets) => [...new Set(presets)]),
        captionStyle: z.enum(CaptionStyle),
        safeArea: z.enum(SafeArea),
        removeSilences: z.boolean(),
        removeFillers: z.boolean(),
        reel: z.boolean(),
      })
      .nullish(),
    contents: z
      .array(
        z.object({ kind: z.enum(ContentKind), language, tone: z.string().nullish(), maxLength: z.int().nullish() }),
      )
      .refine((wanted) => new Set(wanted.map((content) => content.kind)).size === wanted.length, {
        message: 'Each kind at most once.',
      })
      .nullish(),
  })
  .refine((input) => input.transcript || input.highlights || input.clips || input.contents?.length, {
    message: 'The recipe asks for nothing.',
  })
  .transform((input, context): Recipe => {
    const highlights = { ...defaultHighlights, ...input.highlights, topics: input.highlights?.topics ?? [] };
    const checked = recipe.safeParse({
      transcript: true,
      language: input.language,
      highlights: input.highlights || input.clips ? highlights : null,
      clips: input.clips ?? null,
      contents: (input.contents ?? []).map((content) => ({
        ...content,
        tone: content.tone ?? null,
        maxLength: content.maxLength ?? null,
      })),
    });
    if (checked.success) return checked.data;
    for (const { path, message } of checked.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
