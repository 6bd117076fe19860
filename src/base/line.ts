import { z } from 'zod';

/**
 * One line that a person or a program typed: trimmed, not empty, at most `max` characters. Control characters are
 * refused: PostgreSQL stores no NUL, and nobody sees the others.
 */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Must not be empty.')
    .max(max, `At most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Must not contain control characters.');

/** Text with lines, as the database can store it. What reads it further on need not look at text that is not. */
export const text = (max: number) =>
  z
    .string()
    .min(1, { abort: true, error: 'Must not be empty.' })
    .max(max, { abort: true, error: `At most ${max.toLocaleString('en')} characters.` })
    .refine((value) => !value.includes('\0') && value.isWellFormed(), {
      abort: true,
      error: 'Must not contain NUL or half a character.',
    });
