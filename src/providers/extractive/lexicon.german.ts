import { anyOf, opensOn } from './any-of.ts';
import type { Forms } from './forms.ts';

export const german: Forms = {
  fillers: [
    /,? ?(?<!\p{L})(?:ä+h*m*|öh+m*|hm+|e+hm+)(?!\p{L}),?/giu,
    /,? (?:sozusagen|quasi|halt|eben),(?= )/giu,
    /, (?:oder|ne|nicht wahr|gell)(?:\?$|(?=[.!]$))/giu,
  ],
  openings:
    /^(?:(?:also|okay|ok|gut|ja|naja|nun|na ja|genau|wie gesagt|ehrlich gesagt|jedenfalls|so),\s+|(?:also|okay) (?=wir|ich|der|die|das))/iu,
  ties: /^(?:[Uu]nd|[Aa]ber|[Oo]der|[Dd]enn) (?=\p{Lu}|(?:ich|wir|du|ihr|sie|er|es|man|der|die|das|den|dem|ein|eine|einen|einem|einer|kein|keine|mein|meine|unser|unsere|jede|jeder|jedes|alle|viele|niemand|jemand|wenn|als|was|wer|wie|warum|in|im|an|am|auf|bei|mit|nach|von|vor|für|seit|zu|zum|zur|dies|diese|dieser|dann|heute|jetzt)(?!\p{L}))/u,
  contrasts: /^(?:aber|oder|denn|doch)(?![\p{L},])/iu,
  results: /^(?:also|deshalb|deswegen|darum)(?![\p{L},])/iu,
  leaning: opensOn(
    'und|aber|oder|denn|doch|es|das|dies|diese[rsnm]?|sie|er|ihn|ihm|ihr|denen|da|dann|deshalb|deswegen|darum|dadurch|damit|dabei|dort|daraus',
    'außerdem|auch|nicht|ja|nein|sonst|stattdessen|beide|der andere|die andere|das andere|(?:der|die|das) (?:erste|zweite|dritte|letzte)',
  ),
  vague: /^(?:\p{L}+ ){0,4}(?:es|ihn|ihm|ihnen|dies(?:e[rsnm]?)?|jene[rsnm]?|sie)(?!\p{L})/iu,
  pointing: /(?::|(?<!\p{L})(?:folgendes|dies|das hier|(?:die|eine) frage|(?:zwei|drei) dinge))[.:]?$/iu,
  prefaces: /^wenn (?:sie|ihr) (?:nur )?eine sache [^,]*, dann (?:diese|das)[:,] (?=\p{L})/iu,
  conclusion: anyOf(
    'wenn (?:sie|ihr) (?:nur )?eine sache|nehmen sie mit|zum schluss|am ende|zusammengefasst|fazit|merken sie sich|merkt euch',
  ),
  cues: anyOf(
    'wichtig(?:ste|er|sten)?|der punkt|das problem|die lehre|gelernt|nie|niemals|immer|niemand|jeder|der grund|die wahrheit',
    'der fehler|entscheidend|merken|stell(?:en sie sich|t euch| dir) vor|überrascht|sondern|statt|müssen|sollten?|nur',
  ),
  numbers: anyOf(
    '[\\d.,]*\\d[\\d.,]*%?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig',
    '\\p{L}*hundert\\p{L}*|\\p{L}*tausend\\p{L}*|million(?:en)?|prozent|doppelt|hälfte',
  ),
  housekeeping: anyOf(
    'vielen dank|danke (?:schön|für)|guten (?:morgen|tag|abend)|herzlich willkommen|mein name ist|nächste folie',
    'auf dieser folie|hört man mich|können (?:sie|alle) mich|noch fragen|zeit für fragen|abonniert|wie sie sehen',
  ),
  turns: anyOf('nächste(?:s|n)? (?:folie|thema|punkt)|kommen wir zu|zweitens|drittens|ein anderes thema|themenwechsel'),
  names:
    /^(?!(?:Jahr|Jahre|Jahren|Tag|Tage|Tagen|Woche|Wochen|Monat|Monate|Stunde|Stunden|Minute|Minuten|Zeit|Mal|Ding|Dinge|Sache|Sachen|Leute|Mensch|Menschen|Frau|Mann|Frage|Fragen|Antwort|Beispiel|Grund|Problem|Teil|Seite|Ende|Anfang|Regel|Euro|Prozent|Wichtigste|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Januar|Februar|März|April|Juni|Juli|August|September|Oktober|November|Dezember)$)\p{Lu}[\p{L}\p{N}-]{3,}$/u,
};
