/**
 * Letters of scripts that put no spaces between words, as the inside of a character class: Thai, Lao, Burmese, Khmer,
 * kana, Han. The migration of `transcript_segments.search` has the same ones.
 */
export const unspacedLetters = '\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff';
