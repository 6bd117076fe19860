import { leans } from '#captions/caption-lines.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { joinWords, plainWord, wordTexts } from '#timeline/word-timing.ts';

/** Longest title in characters; platforms cut longer ones in lists. */
const longestTitle = 70;
const fewestWords = 3;

/** Words that begin speech but no title: "So, well, you know". */
const launching =
  /^(?:(?:so|and|but|well|okay|ok|now|um+|uh+|erm|yeah|yes|right|alright|look|listen|also|anyway|actually|basically|like|you know|i mean|i think|und|aber|also|ja|et|mais|donc|alors|y|pero|bueno|pues)\b[,.:;…\s-]*)+(?=\S)/iu;
/** "Let me tell you the X", "Here is why": the title begins after it. */
const teasing =
  /^(?:let me (?:tell|show) you(?: about)?|here (?:is|are)|here's)\s+(?=(?:the|a|an|my|our|why|how|what|one|two|three)\b)/iu;
/** "The lesson is simple: X", "The key takeaway is that X": X is the title. */
const announced =
  /^[^:.?!]{0,50}\b(?:lesson|takeaway|point|truth|secret|trick|rule|answer|thing|reason|advice|number|remember|remember this|bottom line)\b[^:.?!]{0,25}(?::\s+|\b(?:is|was|means) that\s+)(?=\p{L})/iu;

/**
 * A title from one sentence of the speaker: launching words gone, trimmed at a clause, at most 70 characters, starting
 * with a capital, without a comma or a dangling word at its end. Empty when the sentence has no title in it.
 */
export function titleFrom(sentence: string, language: string): string {
  const plain = sentence.replace(/\s+/gu, ' ').trim();
  const told = trimmed(
    plain.replace(launching, '').replace(teasing, '').replace(announced, '').replace(launching, ''),
    language,
  );
  const words = wordTexts(told).length;
  return words >= fewestWords || (words >= 2 && words === wordTexts(plain).length) ? cased(told) : '';
}

/** "If you remember one thing, go and look": what follows can stand alone. */
const condition = /^(?:if|when|while|because|after|before|although|since|wenn|weil|si|quand|cuando)\b[^,]{5,60},\s+/iu;

/** At most 70 characters: the longest beginning that ends at a clause, else at a word that needs no next one. */
function trimmed(text: string, language: string): string {
  const whole = hasFullStop(text) ? withoutEnd(text) : withoutDangling(withoutEnd(text), language);
  if (whole.length <= longestTitle) return whole;
  const main = whole.replace(condition, '');
  if (main !== whole && wordTexts(main).length >= 4) return trimmed(main, language);
  const words = wordTexts(whole);
  const fits = (count: number): boolean => joinWords(words.slice(0, count)).length < longestTitle;
  const counts = words.map((_, index) => index + 1).filter((count) => count >= fewestWords && fits(count));
  const clause = counts.findLast((count) => endsClause(words, count, language) && count >= 5);
  if (clause !== undefined) return withoutEnd(joinWords(words.slice(0, clause)));
  const free = counts.findLast((count) => !leans(words[count - 1] ?? '', language)) ?? counts.at(-1) ?? 1;
  return `${withoutEnd(joinWords(words.slice(0, free))).slice(0, longestTitle - 1)}…`;
}

/** Speech without punctuation may break off at "and" or "the". */
function withoutDangling(text: string, language: string): string {
  const words = wordTexts(text);
  while (words.length > fewestWords && leans(words.at(-1) ?? '', language)) words.pop();
  return withoutEnd(joinWords(words));
}

const clauseOpeners = new Set(
  'and but or because so which when while if until before after unless although where und aber weil wenn dass et mais parce quand si y pero porque cuando'.split(
    ' ',
  ),
);

const endsClause = (words: readonly string[], count: number, language: string): boolean => {
  const [last, next] = [words[count - 1] ?? '', words[count] ?? ''];
  if (leans(plainWord(last), language)) return false;
  if (/[,;:—–，、；：]["'’”)]*$/u.test(last)) return true;
  if (words.slice(Math.max(0, count - 3), count).some((word) => /[,;:]$/u.test(word))) return false;
  return clauseOpeners.has(plainWord(next));
};

/** Without closing marks, save those that ask or call, and without quotes left open. */
const withoutEnd = (text: string): string => {
  const ended = text.replace(/[\s.,;:…。、，；：—–-]+$/u, '');
  return (ended.match(/["“”]/gu)?.length ?? 0) % 2 === 0 ? ended : ended.replace(/["“”]/gu, '');
};

/** Sentence case: a capital first; a text all in capitals is lowered. */
function cased(text: string): string {
  const shouted = /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text) && wordTexts(text).length > 2;
  const lowered = shouted ? text.toLowerCase() : text;
  return lowered.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}

/** A title for what has no better one: its first words. */
export const spareTitle = (text: string): string =>
  cased(withoutEnd(joinWords(wordTexts(text).slice(0, 8))).slice(0, longestTitle)) || 'Moment';

/** How well a sentence serves as a title by its form, 0 to 1: whole, neither short nor long, understandable alone. */
export function titleFitness(sentence: string, language: string): number {
  const title = titleFrom(sentence, language);
  if (title === '') return 0;
  const words = wordTexts(title).length;
  const whole = title.endsWith('…') ? 0 : hasFullStop(sentence) ? 0.4 : 0.2;
  const sized = words >= 4 && words <= 12 ? 0.3 : 0.1;
  return whole + sized + (/^(?:it|this|that|they|he|she|these|those|there|we|i)\b/iu.test(title) ? 0 : 0.3);
}
