import { Problem } from '#base/problem.ts';
import { CaptionFormatEnum } from '#domain/files/caption-format.ts';
import { StoredFile } from '#domain/files/stored-file.ts';
import { overlapping, TimeRangeInput } from '#domain/files/time-range.ts';
import { Upload } from '#domain/uploads/graph.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { listing } from '#graph/limits-size.ts';
import { type StoredWord, wordsOf } from './words.ts';

const longestRangeMs = 10 * 60_000;

/** Ten minutes of as many words as a transcript may hold at all (50 a second); of speech they are 2,000. */
const mostWords = 30_000;

/** The words of rows, in order. INVALID_INPUT before any is read where they are more than one answer may hold. */
function wordsIn(rows: readonly { readonly words: unknown }[]): StoredWord[][] {
  const count = rows.reduce((sum, { words }) => sum + (Array.isArray(words) ? words.length : 0), 0);
  if (count > mostWords) {
    const reason = `These are ${count} words; one answer gives at most ${mostWords}: ask for a part of them.`;
    throw new Problem('INVALID_INPUT', { reason });
  }
  return rows.map(({ words }) => wordsOf(words));
}

const WordTiming = builder.enumType('WordTiming', {
  description: 'Where word times come from.',
  values: {
    MEASURED: { description: 'Heard by the recogniser.' },
    ESTIMATED: { description: "Spread over caption cues or a speaker's turns; good to about a third of a second." },
  },
});

const Word = builder.objectRef<StoredWord>('TranscriptWord').implement({
  description: 'One word with its timing.',
  fields: (t) => ({
    startMs: t.expose('startMs', { type: 'Milliseconds', description: 'First millisecond.' }),
    endMs: t.expose('endMs', { type: 'Milliseconds', description: 'First millisecond after it.' }),
    text: t.exposeString('text', { description: 'As written, punctuation included.' }),
    confidence: t.float({
      nullable: true,
      description: '0 to 1, where the recogniser gives one.',
      resolve: ({ confidence }) => confidence ?? null,
    }),
  }),
});

builder.prismaNode('Speaker', {
  ...owned,
  description: 'A voice told apart from others.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'As the captions or the recogniser call it.' }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'As a person called it.' }),
  }),
});

const Segment = builder.prismaNode('TranscriptSegment', {
  ...owned,
  description: 'A sentence-sized unit.',
  fields: (t) => ({
    startMs: t.expose('startMs', { type: 'Milliseconds', description: 'First millisecond.' }),
    endMs: t.expose('endMs', { type: 'Milliseconds', description: 'First millisecond after it.' }),
    text: t.exposeString('text', { description: 'What was said.' }),
    speaker: t.relation('speaker', { nullable: true, description: 'Who said it, where voices are told apart.' }),
    confidence: t.exposeFloat('confidence', { nullable: true, description: '0 to 1.' }),
    edited: t.exposeBoolean('edited', { description: 'Whether a person changed it.' }),
    words: t.loadableList({
      type: Word,
      description: 'Its words.',
      extensions: listing(15),
      // The large column: read for all asked segments in one statement, and only when it is selected.
      load: async (ids: string[], { api }) => {
        const rows = await api.database.prisma.transcriptSegment.findMany({
          where: { id: { in: ids } },
          select: { id: true, words: true },
        });
        const lists = wordsIn(rows);
        const words = new Map(rows.map((row, at) => [row.id, lists[at]]));
        return ids.map((id) => words.get(id) ?? []);
      },
      resolve: ({ id }) => id,
    }),
  }),
});

const SegmentConnection = connectionOf(Segment, 'TranscriptSegment');

export const Transcript = builder.prismaNode('Transcript', {
  ...owned,
  description: 'Timed text of an upload in one language, versioned by `revision`.',
  fields: (t) => ({
    upload: t.relation('upload', { description: 'Of which recording.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'In which language.' }),
    isTranslation: t.exposeBoolean('isTranslation', { description: 'False for what was said.' }),
    revision: t.exposeInt('revision', { description: 'Grows with each edit.' }),
    wordCount: t.exposeInt('wordCount', { description: 'How many words.' }),
    inventedWords: t.exposeInt('inventedWords', {
      description: 'Words left out because nobody can have said them: in silence, looped, notes of sounds.',
    }),
    wordTiming: t.expose('wordTiming', { type: WordTiming, description: 'Where word times come from.' }),
    speakers: t.relation('speakers', { description: 'Voices told apart.', query: { orderBy: { label: 'asc' } } }),
    segments: t.relatedConnection(
      'segments',
      {
        cursor: 'id',
        totalCount: true,
        description: 'Its sentences in order.',
        args: { range: t.arg({ type: TimeRangeInput, description: 'Only those that overlap it.' }) },
        query: ({ range }) => ({
          ...(range && { where: overlapping(range) }),
          orderBy: { position: 'asc' },
        }),
      },
      SegmentConnection,
    ),
    words: t.field({
      type: [Word],
      description: 'Words overlapping a range of at most ten minutes, 30,000 at most: what a karaoke view needs.',
      extensions: listing(2_000),
      args: { range: t.arg({ type: TimeRangeInput, required: true, description: 'Which part.' }) },
      select: ({ range }) => ({
        segments: {
          where: overlapping({ ...range, endMs: Math.min(range.endMs, range.startMs + longestRangeMs) }),
          orderBy: { position: 'asc' },
          select: { words: true },
        },
      }),
      resolve: ({ segments }, { range }) => {
        if (range.endMs - range.startMs > longestRangeMs) {
          throw new Problem('INVALID_INPUT', { reason: 'A range of words may span at most ten minutes.' });
        }
        return wordsIn(segments)
          .flat()
          .filter((word) => word.startMs < range.endMs && word.endMs > range.startMs);
      },
    }),
    captions: t.field({
      type: StoredFile,
      nullable: true,
      description: 'The whole transcript as a caption file.',
      args: { format: t.arg({ type: CaptionFormatEnum, defaultValue: 'VTT', description: 'In which flavour.' }) },
      select: ({ format }, _context, nested) => ({
        captions: { where: { format: format ?? 'VTT' }, take: 1, select: { artifact: nested() } },
      }),
      resolve: ({ captions }) => captions[0]?.artifact ?? null,
    }),
  }),
});

builder.prismaObjectField(Upload, 'transcript', (t) =>
  t.field({
    type: Transcript,
    nullable: true,
    description: 'What was said; in a language if asked, else as spoken.',
    args: { language: t.arg({ type: 'LanguageTag', description: 'A translation, where there is one.' }) },
    select: ({ language }, _context, nested) => ({
      transcripts: nested({
        where: language ? { language } : { isTranslation: false },
        orderBy: { createdAt: 'desc' },
        take: 1,
      }),
    }),
    resolve: ({ transcripts }) => transcripts[0] ?? null,
  }),
);
