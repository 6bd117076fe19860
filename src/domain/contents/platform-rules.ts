import { characters, weightedLength } from '#base/text-length.ts';
import { type ContentBody, publishedTexts } from './body.ts';

/** What is counted in a body: one number per place, so that a thread gives one per post. */
type Measure = (body: ContentBody) => readonly number[];

interface Rule {
  readonly rule: string;
  readonly measure: Measure;
  readonly least?: number;
  readonly most?: number;
  /** Where the number was read; `ours` marks a house rule. */
  readonly source: string;
  readonly asOf: string;
}

/** A rule that a body breaks, with the numbers: `found` at place `at` (from 0), where at most or at least was allowed. */
export interface BrokenRule {
  readonly rule: string;
  readonly facts: {
    readonly found: number;
    readonly at: number;
    readonly most?: number;
    readonly least?: number;
  };
}

type BodyOf<K extends ContentBody['kind']> = Extract<ContentBody, { kind: K }>;

/** A measure of one kind; bodies of the other kinds offer nothing to it, so the rule does not apply to them. */
function of<K extends ContentBody['kind']>(kind: K, measure: (body: BodyOf<K>) => readonly number[]): Measure {
  const isOfKind = (body: ContentBody): body is BodyOf<K> => body.kind === kind;
  return (body) => (isOfKind(body) ? measure(body) : []);
}

const lengths: Measure = (body) => publishedTexts(body).map(characters);

/** The rules as dated rows: a number that a platform changes is changed here and nowhere else. */
const rules: readonly Rule[] = [
  {
    rule: 'blog-title-length',
    measure: of('BLOG', (body) => [characters(body.title)]),
    least: 1,
    most: 100,
    source: 'ours: result pages and cards cut longer titles',
    asOf: '2026-11',
  },
  {
    rule: 'blog-excerpt-length',
    measure: of('BLOG', (body) => [characters(body.excerpt)]),
    least: 1,
    most: 160,
    source: 'ours: result pages cut longer descriptions',
    asOf: '2026-11',
  },
  {
    rule: 'blog-slug-form',
    measure: of('BLOG', (body) => [slugForm.test(body.slug) ? 0 : 1]),
    most: 0,
    source: 'ours: lower case words joined by single dashes',
    asOf: '2026-11',
  },
  {
    rule: 'blog-text-length',
    measure: of('BLOG', (body) => [characters(body.markdown.trim())]),
    least: 1,
    most: 100_000,
    source: 'ours',
    asOf: '2026-11',
  },
  { rule: 'blog-tags', measure: of('BLOG', (body) => [body.tags.length]), most: 10, source: 'ours', asOf: '2026-11' },
  {
    rule: 'linkedin-text-length',
    measure: of('LINKEDIN', lengths),
    least: 1,
    most: 3_000,
    source: 'linkedin.com/help: post text',
    asOf: '2026-11',
  },
  {
    rule: 'linkedin-text-present',
    measure: of('LINKEDIN', (body) => [characters(body.text.trim())]),
    least: 1,
    source: 'ours: hashtags alone are no post',
    asOf: '2026-11',
  },
  {
    rule: 'linkedin-markdown',
    measure: of('LINKEDIN', (body) => [occurrences(body.text, mark)]),
    most: 0,
    source: 'LinkedIn shows the marks as they are',
    asOf: '2026-11',
  },
  {
    rule: 'linkedin-hashtag-form',
    measure: of('LINKEDIN', (body) => body.hashtags.map(faultOfTag)),
    most: 0,
    source: 'letters, digits and _, one letter at least',
    asOf: '2026-11',
  },
  {
    rule: 'x-posts',
    measure: of('TWITTER', (body) => [body.posts.length]),
    least: 1,
    most: 25,
    source: 'help.x.com: thread composer',
    asOf: '2026-11',
  },
  {
    rule: 'x-post-length',
    measure: of('TWITTER', (body) => body.posts.map((post) => weightedLength(post.text))),
    least: 1,
    most: 280,
    source: 'twitter-text config v3',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-caption-length',
    measure: of('INSTAGRAM', lengths),
    least: 1,
    most: 2_200,
    source: 'Instagram Graph API: media caption',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-caption-present',
    measure: of('INSTAGRAM', (body) => [characters(body.caption.trim())]),
    least: 1,
    source: 'ours: hashtags alone are no post',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-hashtags',
    measure: of('INSTAGRAM', (body) => [occurrences(publishedTexts(body).join('\n'), hashtag)]),
    most: 30,
    source: 'Instagram Graph API: media caption',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-mentions',
    measure: of('INSTAGRAM', (body) => [occurrences(body.caption, mention)]),
    most: 20,
    source: 'Instagram Graph API: media caption',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-hashtag-form',
    measure: of('INSTAGRAM', (body) => body.hashtags.map(faultOfTag)),
    most: 0,
    source: 'letters, digits and _, one letter at least',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-slides',
    measure: of('INSTAGRAM', (body) => [body.slides.length]),
    most: 10,
    source: 'Instagram Graph API: carousel children',
    asOf: '2026-11',
  },
  {
    rule: 'instagram-slide-length',
    measure: of('INSTAGRAM', (body) => body.slides.map(characters)),
    least: 1,
    most: 200,
    source: 'ours: more is not read on a picture',
    asOf: '2026-11',
  },
];

/**
 * Every rule that a body breaks, in the order of the table; empty when the body may be published. `maxLength` is the
 * caller's own limit in characters over all that is published.
 */
export function brokenRules(body: ContentBody, wanted: { maxLength?: number | null } = {}): BrokenRule[] {
  const own: Rule[] = wanted.maxLength ? [maxLengthRule(wanted.maxLength)] : [];
  return [...rules, ...own].flatMap((rule) =>
    rule.measure(body).flatMap((found, at) => (isBroken(rule, found) ? [brokenRule(rule, { found, at })] : [])),
  );
}

const maxLengthRule = (most: number): Rule => ({
  rule: 'max-length',
  measure: (body) => [lengths(body).reduce((sum, length) => sum + length, 0)],
  most,
  source: 'asked for by the caller',
  asOf: '2026-11',
});

const isBroken = (rule: Rule, found: number): boolean =>
  found > (rule.most ?? Number.POSITIVE_INFINITY) || found < (rule.least ?? 0);

function brokenRule({ rule, most, least }: Rule, place: { found: number; at: number }): BrokenRule {
  return {
    rule,
    facts: { ...place, ...(most === undefined ? {} : { most }), ...(least === undefined ? {} : { least }) },
  };
}

/** A broken rule in words: which, the limit, and what was found where. */
export const saidOf = ({ rule, facts }: BrokenRule): string =>
  `${rule}: ${limitOf(facts)}, found ${facts.found} at place ${facts.at + 1}`;

function limitOf({ most, least, found }: BrokenRule['facts']): string {
  return most !== undefined && found > most ? `at most ${most}` : `at least ${least ?? 0}`;
}

const slugForm = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u;
const tagForm = /^[\p{L}\p{M}\p{N}_]*[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;
const hashtag = /(?<![\p{L}\p{N}_&])#[\p{L}\p{N}_]/gu;
const mention = /(?<![\p{L}\p{N}_])@[\w.]/gu;
/** Marks that a reader of LinkedIn would see: bold, headings, list dashes, code and links of markdown. */
const mark = /\*\*|__|^#{1,6} |^\s*[-*+] |`|\]\(/gmu;

const faultOfTag = (tag: string): number => (tagForm.test(tag) ? 0 : 1);
const occurrences = (text: string, form: RegExp): number => text.match(form)?.length ?? 0;
