import { characters } from '#base/text-length.ts';
import type { Draft, DraftSentence } from '#providers/language-model.ts';
import { plain } from './compose-text.ts';
import type { BrokenRule } from './platform-rules.ts';

type Paragraph = readonly DraftSentence[];
type DraftOf<K extends Draft['kind']> = Extract<Draft, { kind: K }>;

/**
 * The draft, one whole sentence or part smaller, where that brings it nearer to the rule it breaks; null when only
 * cutting a sentence could. Words are never cut.
 */
export function shortened(draft: Draft, broken: BrokenRule): Draft | null {
  if (draft.kind === 'BLOG') return shortenedBlog(draft, broken);
  if (draft.kind === 'TWITTER') return shortenedThread(draft, broken);
  if (draft.kind === 'LINKEDIN') return shortenedLinkedin(draft, broken);
  return shortenedInstagram(draft, broken);
}

function shortenedBlog(draft: DraftOf<'BLOG'>, { rule, facts }: BrokenRule): Draft | null {
  if (rule === 'blog-tags') return { ...draft, tags: draft.tags.slice(0, facts.most) };
  if (rule === 'blog-title-length') return replaced(draft, 'title', facts.most ?? 0);
  if (rule === 'blog-excerpt-length') return replaced(draft, 'excerpt', facts.most ?? 0);
  if (rule !== 'max-length' && rule !== 'blog-text-length') return null;
  if (draft.quote) return { ...draft, quote: null };
  const last = draft.sections.at(-1);
  if (last === undefined) return null;
  const paragraphs = withoutLast(last.paragraphs);
  const sections = draft.sections.slice(0, -1);
  if (paragraphs !== null) return { ...draft, sections: [...sections, { ...last, paragraphs }] };
  return sections.length === 0 ? null : { ...draft, sections };
}

/** A title or excerpt that is too long gives way to the first sentence of the article that is short enough. */
function replaced(draft: DraftOf<'BLOG'>, part: 'title' | 'excerpt', most: number): Draft | null {
  const sentences = draft.sections.flatMap((section) => section.paragraphs.flat());
  const fitting = [draft.title, draft.excerpt, ...sentences].find(({ text }) => {
    const length = characters(plain(text));
    return length > 0 && length <= most && text !== draft[part].text;
  });
  return fitting ? { ...draft, [part]: fitting } : null;
}

function shortenedThread(draft: DraftOf<'TWITTER'>, { rule, facts }: BrokenRule): Draft | null {
  const said = draft.posts.filter((post) => post.some(isSaid));
  if (said.length < draft.posts.length) return said.length === 0 ? null : { ...draft, posts: said };
  if (rule !== 'x-post-length') return said.length > 1 ? { ...draft, posts: said.slice(0, -1) } : null;
  const post = (said[facts.at] ?? []).slice(0, -1);
  const posts = post.length > 0 ? said.with(facts.at, post) : said.toSpliced(facts.at, 1);
  return posts.length === 0 ? null : { ...draft, posts };
}

function shortenedLinkedin(draft: DraftOf<'LINKEDIN'>, { rule }: BrokenRule): Draft | null {
  if (rule === 'linkedin-hashtag-form') return { ...draft, hashtags: [] };
  if (rule !== 'max-length' && rule !== 'linkedin-text-length') return null;
  const paragraphs = withoutLast(draft.paragraphs);
  if (paragraphs !== null) return { ...draft, paragraphs };
  return draft.hashtags.length > 0 ? { ...draft, hashtags: [] } : null;
}

function shortenedInstagram(draft: DraftOf<'INSTAGRAM'>, { rule, facts }: BrokenRule): Draft | null {
  const said = draft.slides.filter(isSaid);
  if (rule === 'instagram-slides') return { ...draft, slides: said.slice(0, facts.most) };
  if (rule === 'instagram-slide-length') return { ...draft, slides: said.toSpliced(facts.at, 1) };
  if (rule === 'instagram-hashtag-form') return { ...draft, hashtags: [] };
  if (rule === 'instagram-hashtags' && draft.hashtags.length > 0)
    return { ...draft, hashtags: draft.hashtags.slice(0, -1) };
  const caption = withoutLast(draft.caption);
  if (caption !== null) return { ...draft, caption };
  return draft.hashtags.length > 0 ? { ...draft, hashtags: [] } : null;
}

/** Composing leaves out what has no words, so that places are counted without it. */
const isSaid = ({ text }: DraftSentence): boolean => plain(text) !== '';

/** Paragraphs without their last sentence; null when that would leave none. */
function withoutLast(paragraphs: readonly Paragraph[]): readonly Paragraph[] | null {
  const said = paragraphs.filter((paragraph) => paragraph.length > 0);
  const last = said.at(-1)?.slice(0, -1) ?? [];
  const rest = last.length > 0 ? said.with(said.length - 1, last) : said.slice(0, -1);
  return rest.length > 0 ? rest : null;
}
