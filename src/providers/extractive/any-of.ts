/** A form that finds any of the phrases as whole words, whatever their case. Phrases are pieces of regular expressions. */
export const anyOf = (...phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'iu');

/** As `anyOf`, at the start of the sentence only. */
export const opensOn = (...phrases: readonly string[]): RegExp =>
  new RegExp(`^(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
