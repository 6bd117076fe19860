import { z } from 'zod';

/** A word of the environment as the table of src/base/env-words.ts has it. */
interface Word {
  readonly type: z.ZodType;
}

/** The value that stands for an unset word, as it would be written; empty where there is none. */
export function defaultOf({ type }: Word): string {
  const value = type.parse(undefined);
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const shape = z.object({
  type: z.enum(['string', 'integer']),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

type Bounds = Pick<z.output<typeof shape>, 'minimum' | 'maximum'>;

/** What a word allows, in a few words of Markdown. */
export function allowedBy({ type }: Word): string {
  const { enum: choices, format, ...word } = shape.parse(z.toJSONSchema(type, { io: 'input' }));
  if (choices) return choices.map((choice) => `\`${choice}\``).join(' ');
  if (word.type === 'integer') return wholeNumber(word);
  if (format === 'uri') return 'a URL';
  if (Array.isArray(type.parse(undefined))) return 'a list, separated by commas';
  return (word.minLength ?? 1) > 1 ? `text of at least ${word.minLength} characters` : 'text';
}

function wholeNumber({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Bounds): string {
  return maximum < Number.MAX_SAFE_INTEGER ? `${minimum} to ${maximum}` : `a whole number from ${minimum}`;
}
