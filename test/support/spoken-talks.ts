import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { sourceMs } from '#base/time.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { linesFrom, talkLines } from './talk.ts';

const truth = z.object({
  sentences: z.array(z.object({ startMs: z.number(), endMs: z.number(), text: z.string() })),
});

/** The sample recording's own sentences, as they are spoken. */
const sampleLines: readonly TranscriptLine[] = truth
  .parse(JSON.parse(readFileSync('samples/talk.truth.json', 'utf8')))
  .sentences.map(({ startMs, endMs, text }, index) => ({
    id: index + 1,
    segmentId: `segment-${index + 1}`,
    startMs: sourceMs(startMs),
    endMs: sourceMs(endMs),
    text,
  }));

/** A podcast of one voice: a name, a place, two recipes, and advice at the end. */
const bread: readonly string[] = [
  `Hi, welcome back to the show. I'm Tom, and today I'm talking to myself, because my guest is stuck in traffic.`,
  `So I have been baking sourdough for eleven years now, and for the first six of them my bread was terrible. It was flat, it was grey, and my kids called it the frisbee. I blamed the flour. I blamed the oven. I even blamed the weather.`,
  `What I never blamed was the starter. A sourdough starter is just flour and water and whatever lives in your kitchen. You feed it once a day, and in return it makes your bread rise. But I was feeding mine whenever I remembered, which was about twice a week.`,
  `Then I met Maria Rossi, who runs a bakery in Bologna. She has used the same sourdough starter since nineteen seventy nine. I asked her for the secret, and she laughed at me. There is no secret, she said, there is only breakfast. You eat every morning, so does the starter.`,
  `So I went home and I fed the starter every morning for a month. I didn't change the flour. I didn't change the oven. On day nine the loaf doubled in size. On day twenty it had a crust that cracked when you touched it. My daughter asked who had bought the bread.`,
  `Now, most people get the temperature wrong as well. Dough at eighteen degrees takes twice as long as dough at twenty four. That is not a matter of taste, that is chemistry. Buy a thermometer. It costs ten dollars, and it will teach you more than any book.`,
  `And please weigh your flour. A cup of flour can be a hundred grams or a hundred and sixty, depending on who fills the cup. Nobody can repeat a recipe like that. A kitchen scale solves it in one second.`,
  `Why does any of this matter? Because baking taught me something about every other hard thing I do. I always looked for the clever trick, and the answer was always the boring habit. Small things, done every day, beat big things done sometimes.`,
  `So here is my advice. Pick one thing that you do whenever you remember. Do it every morning for a month, before coffee. Then write to me and tell me what changed. Somewhere out there is a loaf of bread with your name on it. Thanks for listening, and see you next week.`,
];

/** Three talks that have nothing in common: what holds for all of them was not made for one. */
export const spokenTalks = [
  { talk: 'the sample talk', lines: sampleLines },
  { talk: 'a talk about alarms', lines: talkLines },
  { talk: 'a podcast about bread', lines: linesFrom(bread) },
] as const;
