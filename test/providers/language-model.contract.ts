import { describe, expect, test } from 'vitest';
import { brokenRules } from '#domain/contents/platform-rules.ts';
import { writePost } from '#domain/contents/posts.ts';
import type { Draft, DraftSentence, LanguageModel, PostKind, WritingSource } from '#providers/language-model.ts';
import { uncached } from '#providers/model-calls.ts';
import { talkLines } from '../support/talk.ts';

export const kinds = ['BLOG', 'LINKEDIN', 'TWITTER', 'INSTAGRAM'] as const satisfies readonly PostKind[];

export const talkSource: WritingSource = {
  title: 'Quiet pagers',
  language: 'en',
  lines: talkLines,
  tone: null,
  maxLength: null,
};

export const patient = { signal: new AbortController().signal, calls: uncached };

/** Every sentence of a draft, whatever its kind. */
export function sentencesOf(draft: Draft): DraftSentence[] {
  if (draft.kind === 'LINKEDIN') return draft.paragraphs.flat();
  if (draft.kind === 'TWITTER') return draft.posts.flat();
  if (draft.kind === 'INSTAGRAM') return [...draft.caption.flat(), ...draft.slides];
  const paragraphs = draft.sections.flatMap((section) => section.paragraphs.flat());
  return [draft.title, draft.excerpt, ...paragraphs, ...(draft.quote ? [draft.quote] : [])];
}

/** What every language model does, whoever writes. */
export function describeLanguageModel(
  label: string,
  open: () => Promise<AsyncDisposable & { model: LanguageModel }>,
): void {
  describe(`the ${label} language model`, () => {
    test.each(kinds)('writes a %s whose every sentence names lines that exist', async (kind) => {
      await using opened = await open();
      const draft = await opened.model.write(kind, talkSource, patient);
      const known = new Set(talkLines.map(({ id }) => id));
      expect(draft.kind).toBe(kind);
      expect(sentencesOf(draft).length).toBeGreaterThan(2);
      for (const sentence of sentencesOf(draft)) {
        expect(sentence.text.trim()).not.toBe('');
        expect(sentence.lines.length).toBeGreaterThan(0);
        expect(sentence.lines.filter((line) => !known.has(line))).toEqual([]);
      }
    });

    test.each(kinds)('a %s written for publication keeps every rule and quotes the transcript', async (kind) => {
      await using opened = await open();
      const { body, sentences } = await writePost(opened.model, { kind, source: talkSource }, patient);
      const spoken = new Set(talkLines.map(({ text }) => text));
      expect(brokenRules(body)).toEqual([]);
      expect(sentences.every(({ supported }) => supported)).toBe(true);
      expect(sentences.flatMap(({ sources }) => sources).filter(({ text }) => !spoken.has(text))).toEqual([]);
    });

    test.each(kinds)("a %s keeps the caller's own length", async (kind) => {
      await using opened = await open();
      const source = { ...talkSource, maxLength: 600 };
      const { body } = await writePost(opened.model, { kind, source }, patient);
      expect(brokenRules(body, { maxLength: 600 })).toEqual([]);
    });

    test('proposes moments of existing lines in order, or leaves the choice to the signals', async () => {
      await using opened = await open();
      const proposal = await opened.model.propose(talkLines, patient);
      for (const moment of proposal?.moments ?? []) {
        expect(moment.firstLine).toBeLessThanOrEqual(moment.lastLine);
        expect(talkLines.some(({ id }) => id === moment.firstLine)).toBe(true);
        for (const mark of Object.values(moment.marks)) {
          expect(mark).toBeGreaterThanOrEqual(0);
          expect(mark).toBeLessThanOrEqual(25);
        }
      }
    });

    test('obeys a signal that was aborted before', async () => {
      await using opened = await open();
      const reason = new Error('the run was canceled');
      const writing = opened.model.write('BLOG', talkSource, { ...patient, signal: AbortSignal.abort(reason) });
      await expect(writing).rejects.toBe(reason);
    });
  });
}
