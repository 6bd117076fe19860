import { anyOf, opensOn } from './any-of.ts';
import type { Forms } from './forms.ts';

/** "I want to be very clear here" and its kin: said before the sentence that matters. */
const clearings = '(?:i want to be (?:very )?clear(?: here)?|let me be (?:very )?clear)';

/** Nouns and verbs of every talk, which make poor tags. */
const plainWords =
  'okay|yeah|said|told|tell|came|made|took|gave|want|need|know|think|thing|people|person|somebody|anybody|everybody|nobody|something|anything|everything|nothing|look|talk|year|month|week|hour|minute|day|time|woken|good|great|real|morning|actually|really|right|work|wake|mean|ask|asks|kind|back|different|important|better|best|first|second|third|last|question|answer|lot|way|ever|never|always|again|believe|remember|become|became|less|fewer|happen|enough';

export const english: Forms = {
  fillers: [
    /(,) (?:u+m+|u+h+m*|e+r+m+|h+m+),(?= (?:i|we|you|they|he|she|it|the|that|this|what)\b)/giu,
    /,? ?\b(?:u+m+|u+h+m*|e+r+m+|h+m+)\b,?/giu,
    /,? (?:you know|i mean|like|sort of|kind of),(?= )/giu,
    /, (?:right|okay|ok|you know|yeah)(?:\?$|(?=[.!]$))/giu,
    /\b(the|a|an|i|we|to|and|of|in|is|it|you|they|but|my|our|your|he|she|for|with|on|at)(?: \1\b)+/giu,
    /\b(i|the|a|we|and|but|my|our)(?:, \1\b)+/giu,
  ],
  openings: new RegExp(
    `^(?:(?:okay|ok|alright|all right|well|now|anyways?|right|look|see|like|yeah|yes|honestly|basically|actually|so|you know|you see|i mean|by the way|to be honest|as i said|like i said),\\s+|(?:okay|ok|alright|anyway) (?=so\\b)|(?:and |but )?${clearings}[,:]? (?:that )?|so (?!that\\b|much\\b|many\\b|far\\b|few\\b|little\\b|long\\b|called\\b))`,
    'iu',
  ),
  ties: /^(?:and|but|or|then|because|plus|also)(?: then| so)?,?\s+/iu,
  leaning: opensOn(
    "its?|it's|this|that|that's|these|those|they|they're|them|their|he|he's|she|she's|him|her|his",
    'there|here|which|because|so|then|also|too|either|neither|both|not|same|yes|no|instead|otherwise',
    'one of (?:it|them|these|those|the)|the (?:other|first|second|third|fourth|next|last|same)|another|somebody|someone',
  ),
  vague: /^(?:[\p{L}'’]+ ){0,5}(?:it|them|this|these|those|him|her|they|she|he|that (?:is|was|one))(?![\p{L}'’])/iu,
  pointing: /(?::|\b(?:this|following|(?:one|the|two|three) (?:questions?|topics?|things?|answer)|asked))[.:]?$/iu,
  conclusion: anyOf(
    'if you (?:only )?(?:remember|take|do) (?:only )?(?:one|a single)',
    'one thing (?:from|to)|take ?aways?|in the end|to sum up|in conclusion|go home|my ask|what i want you to|the lesson',
  ),
  cues: anyOf(
    'remember|the (?:point|key|lesson|truth|problem|secret|mistake|answer|reason|only)|most important|we learned|i learned',
    'turn(?:s|ed) out|never|always|nobody|everybody|no one|instead of|imagine|one thing|surprised|matters?',
    'should|must|you (?:need|have) to|if you',
  ),
  numbers: anyOf(
    '[\\d.,]*\\d[\\d.,]*%?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy',
    'eighty|ninety|hundreds?|thousands?|millions?|billions?|percent|twice|half|double',
  ),
  housekeeping: anyOf(
    'thank you|thanks (?:for|so|very|a lot|everyone)|good (?:morning|afternoon|evening)|welcome (?:to|back|everyone)',
    '(?:can|could) (?:you|everyone|everybody|people) (?:all )?(?:hear|see)|is this (?:thing )?on|hello everyone|hi everyone',
    "my name is|i'?m going to talk|next slide|(?:on|in) (?:this|the next) slide|as you can see|any questions",
    '(?:time|minutes?) for questions|out of time|subscribe|smash that|sponsor|see you next|that.s it for',
    'let me (?:share|skip|change|move|start)|say that again|repeat that|change the subject|everybody asks that',
  ),
  turns: anyOf(
    'change the subject|next (?:slide|topic|point|part)|let.s (?:talk about|move on|turn to|switch)|moving on',
    'another (?:thing|topic)|the (?:second|third|other|last) (?:thing|part|rule|point|half|lesson)',
  ),
  names: new RegExp(`^(?!\\p{L}+(?:ed|ing|ly|ful|ous|able)$)(?!(?:${plainWords})s?$)\\p{L}[\\p{L}\\p{N}-]{3,}$`, 'iu'),
};
