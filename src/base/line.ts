import { z } from 'zod';

/** Whether the database can store a text: PostgreSQL knows no NUL, and JSON in it no half of a surrogate pair. */
export const isStorable = (value: string): boolean => !value.includes('\0') && value.isWellFormed();

/**
 * One line that a person or a program typed: trimmed, not empty, at most `max` characters, none of them a control
 * character, which nobody would see.
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
    .refine(isStorable, {
      abort: true,
      error: 'Must not contain NUL or half a character.',
    });
