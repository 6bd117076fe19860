import { anyOf, opensOn } from './any-of.ts';
import type { Forms } from './forms.ts';
import { plainWords } from './plain-words.english.ts';

/** "I want to be very clear here" and its kin: said before the sentence that matters. */
const clearings = '(?:i want to be (?:very )?clear(?: here)?|let me be (?:very )?clear)';

/** What can stand first in a sentence. */
const starters =
  "i|we|you|they|he|she|it|it's|i'm|i've|i'd|i'll|we're|we've|you're|they're|that's|there|here|the|a|an|this|that|these|those|my|our|your|his|her|its|their|some|any|every|each|all|most|many|few|no|nobody|everybody|somebody|anybody|nothing|everything|something|people|if|when|while|once|after|before|until|since|although|because|what|why|how|who|where|which|whoever|whatever|in|on|at|of|by|for|from|with|without|to|two|three|four|five|six|seven|eight|nine|ten|not|never|please|let's|let";

/** Verbs that a loose opener is put before: "then comes the second half". */
const inverted =
  '(?:comes?|came|goes|went|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|begins?|began|starts?|started|follows?|followed|happens?|happened|stands?|stood)';

/** What the words after an opener must be for it to go; "comes the second half" and "came back" keep theirs. */
const canStart = `(?=(?:${starters})(?![\\p{L}])|(?!${inverted}(?![\\p{L}]))[\\p{L}'’-]+ (?!(?:the|an?|it|them|him|her|me|us|my|our|your|his|their|that|this|back|out|up|down|off|away)(?![\\p{L}])))`;

export const english: Forms = {
  fillers: [
    /(,) (?:u+m+|u+h+m*|e+r+m+|h+m+),(?= (?:i|we|you|they|he|she|it|the|that|this|what)\b)/giu,
    /,? ?\b(?:u+m+|u+h+m*|e+r+m+|h+m+)\b,?/giu,
    /,? (?:you know|i mean|like|sort of|kind of),(?= )/giu,
    /, (?:right|okay|ok|you know|yeah)(?:\?$|(?=[.!]$))/giu,
    /\b(was|were|is|are|had|has|have|will|would|can|could)(?:, (?:they|we|it|he|she|i|you) \1\b)+/giu,
    /\b(the|a|an|i|we|to|and|of|in|is|it|you|they|but|my|our|your|he|she|for|with|on|at)(?: \1\b)+/giu,
    /\b(i|the|a|we|and|but|my|our)(?:, \1\b)+/giu,
  ],
  openings: new RegExp(
    `^(?:(?:okay|ok|alright|all right|well|now|anyways?|right|look|see|like|yeah|yes|honestly|basically|actually|so|you know|you see|i mean|by the way|to be honest|as i said|like i said),\\s+|(?:okay|ok|alright|anyway) (?=so\\b)|(?:and |but )?${clearings}[,:]? (?:that )?|so (?!that\\b|much\\b|many\\b|far\\b|few\\b|little\\b|long\\b|called\\b)${canStart})`,
    'iu',
  ),
  ties: new RegExp(`^(?:and|but|or|then|because|plus|also)(?: then| so)?(?:,\\s+|\\s+${canStart})`, 'iu'),
  contrasts: /^(?:but|or|because|yet|and yet)(?![\p{L},'’])/iu,
  results: /^(?:so|and (?:so|then|that|this|it|they))(?![\p{L},'’])/iu,
  leaning: opensOn(
    "its?|it's|this|that|that's|these|those|they|they're|them|their|he|he's|she|she's|him|her|his",
    'there|here(?! is (?:my|the|what) )|which|and|but|or|plus|because|since then|now|so|then(?! (?:comes?|came) )|also|too|either|neither|both|not|same|yes|no|instead|otherwise',
    'one of (?:it|them|these|those|the)|the (?:other|first|second|third|fourth|next|last|same)|another|somebody|someone',
  ),
  vague:
    /^(?:[\p{L}'’]+,? ){0,6}(?:in|inside|of|at|on|with|from|for|to|by|about|into|over|between) that [\p{L}]|^(?:[\p{L}'’]+ ){0,5}(?:it|them|this|these|those|him|her|they|she|he|that (?:is|was|one))(?![\p{L}'’])/iu,
  pointing:
    /^(?:the|my|our) (?:answer|fix|idea|trick|rule|problem|question|solution|lesson|result|secret|reason)s? (?:is|was|were|are) (?:[\p{L}]+ ?){1,3}\.$|(?::|\b(?:this|following|(?:one|the|two|three) (?:questions?|topics?|things?|answer)|asked))[.:]?$/iu,
  prefaces:
    /^(?:if you (?:only )?(?:remember|take|do) (?:only )?(?:one|a single) thing[^,:]*, (?:remember|take|do|let it be) (?:this|it)|(?:so )?the (?:lesson|point|key takeaway|takeaway|truth) is(?: simple| this| that)?)[:,]? (?=\p{L})/iu,
  conclusion: anyOf(
    'if you (?:only )?(?:remember|take|do) (?:only )?(?:one|a single)',
    'one thing (?:from|to)|take ?aways?|in the end|to sum up|in conclusion|go home|my ask|my advice|what i want you to|the lesson',
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
    '(?:can|could) (?:you|everyone|everybody|people) (?:all )?(?:in the back )?(?:hear|see)|is this (?:thing )?on|hello everyone|hi everyone',
    "my name is|i'?m going to talk|next slide|(?:on|in) (?:this|the next) slide|as you can see|any questions",
    '(?:time|minutes?) for questions|out of time|subscribe|smash that|sponsor|see you next|that.s it for',
    'let me (?:share|skip|change|move|start)|say that again|repeat that|change the subject|everybody asks that',
    'give me a (?:moment|second|minute)|where was i|a sip of|right slide|(?:screen|microphone|mic|projector) (?:is|was|has)|during the break|get this one a lot',
    "(?:that's|that is) a (?:great|good) question|^(?:great|good) question|(?:i'm|i am|this is) \\p{L}+,? and (?:i|today|welcome)|brings us back",
  ),
  turns: anyOf(
    'change the subject|next (?:slide|topic|point|part)|let.s (?:talk about|move on|turn to|switch)|moving on',
    'another (?:thing|topic)|the (?:second|third|other|last) (?:thing|part|rule|point|half|lesson)',
  ),
  names: new RegExp(`^(?!\\p{L}+(?:ed|ly|ful|ous|able|n't)$)(?!(?:${plainWords})$)\\p{L}[\\p{L}\\p{N}-]{3,}$`, 'iu'),
};
