import { characters } from '#base/text-length.ts';
import type { Chapter } from './chapters.ts';
import { keywordsOf } from './keywords.ts';
import type { Passage } from './passages.ts';
import type { Ranked } from './ranking.ts';
import type { Talk } from './talk.ts';
import { capitalised } from './tidied.ts';

/** What stands under one heading; '' where it goes on from the title. */
export interface Section {
  readonly heading: string;
  readonly passages: readonly Passage[];
}

const mostHeading = 60;
const mostHeadingWords = 8;

/**
 * The chapters under headings that their text does not repeat. A chapter without one belongs to the section before; a
 * paragraph that brings its own heading opens a section wherever it stands.
 */
export function sectionsOf(chapters: readonly Chapter[], closing: Chapter, talk: Talk): Section[] {
  const sections: Section[] = [];
  const add = (passage: Passage, found: Section | null): void => {
    const before = sections.at(-1);
    if (before === undefined) sections.push({ heading: '', passages: [passage] });
    else if (found && !sections.some(({ heading }) => heading === found.heading)) sections.push(found);
    else sections[sections.length - 1] = { ...before, passages: [...before.passages, passage] };
  };
  for (const [place, chapter] of [...chapters, closing].entries()) {
    const name = place > 0 && place < chapters.length ? nameOf(untilHeaded(chapter, talk), talk) : undefined;
    for (const [at, passage] of chapter.entries()) {
      const named = at === 0 && name !== undefined ? { heading: name, passages: [passage] } : null;
      add(passage, headedByItself(passage, talk) ?? named);
    }
  }
  return sections;
}

/** What stands under the chapter's name: a later paragraph may bring its own. */
function untilHeaded(chapter: Chapter, talk: Talk): Chapter {
  const next = chapter.findIndex((passage, at) => at > 0 && headedByItself(passage, talk) !== null);
  return next < 0 ? chapter : chapter.slice(0, next);
}

/** A sentence as a heading has no full stop. */
export const withoutStop = (text: string): string => text.replace(/[.。]$/u, '');

/** What its first sentence announces, or all of it where it is short, stands above the text and no longer in it. */
function headedByItself(passage: Passage, { lexicon }: Talk): Section | null {
  const [opening, ...rest] = passage.sentences;
  if (!opening || opening.leans || opening.vague) return null;
  const [announced = '', said = ''] = opening.first.split(/: (?=.{30})/u, 2);
  const stands = said !== '' && !lexicon.leaning.test(said) && !lexicon.vague.test(said);
  if (stands && isHeading(announced)) {
    const text = capitalised(said);
    return { heading: announced, passages: [{ ...passage, sentences: [{ ...opening, first: text, text }, ...rest] }] };
  }
  const [next] = rest;
  if (!next || next.leans || next.vague || !/[.。!]$/u.test(opening.first) || !isHeading(opening.first)) return null;
  return { heading: withoutStop(opening.first), passages: [{ ...passage, sentences: rest }] };
}

const isHeading = (text: string): boolean => {
  const { length } = text.split(' ');
  return length >= 3 && length <= mostHeadingWords && characters(text) <= mostHeading;
};

/** A clause of a later sentence that promises what the chapter says; else the tag that it speaks of most. */
function nameOf(chapter: Chapter, talk: Talk): string | undefined {
  const [, ...later] = chapter.flatMap(({ sentences }) => sentences);
  const strongest = later.filter(({ leans, vague }) => !leans && !vague).sort((a, b) => b.score - a.score);
  const clauses = strongest.flatMap((sentence) => clauseOf(sentence, talk) ?? []);
  return clauses[0] ?? tagOf(chapter, talk);
}

/** What a sentence says before its first comma or colon, or before the second where that is too little. */
function clauseOf({ first }: Ranked, { lexicon }: Talk): string | undefined {
  const ends = [...first.matchAll(/[,:](?= )/gu)].map(({ index }) => first.slice(0, index));
  const promises = (clause: string): boolean => !lexicon.vague.test(clause) && !lexicon.conclusion.test(clause);
  return ends.find((clause) => clause.split(' ').length >= 4 && isHeading(clause) && promises(clause));
}

/** A tag of the talk that is said at least twice here, and here more than elsewhere. */
function tagOf(chapter: Chapter, { sentences, lexicon }: Talk): string | undefined {
  const here = keywordsOf(
    chapter.flatMap((passage) => passage.sentences),
    lexicon,
  );
  const share = new Map(here.map(({ text, count }) => [text, count]));
  const tags = keywordsOf(sentences, lexicon).slice(0, 8);
  const own = tags.filter(({ text, count }) => (share.get(text) ?? 0) * 2 >= count);
  return own[0] && capitalised(own[0].text);
}
