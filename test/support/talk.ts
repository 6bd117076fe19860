import { sourceMs } from '#base/time.ts';
import type { TranscriptLine } from '#providers/language-model.ts';

/**
 * A talk of about 900 words as a recogniser would hear it: fillers, false starts, greetings, and two changes of subject
 * (alerts that nobody reads, then deleting them, then rest). A line of `paragraphs` ends in a longer pause.
 */
const paragraphs: readonly string[] = [
  `Okay, good morning everyone. Um, thank you so much for having me. Can you hear me in the back? Great. My name is Ana and I run the night team at a company that moves groceries around, um, four hundred trucks.`,
  `So, two years ago our pager rang eleven hundred times in one month. Eleven hundred. I counted them by hand, because, you know, nobody believed me. And of those eleven hundred alerts, thirty one needed a human being. Thirty one. Everything else was a machine telling us that it was, uh, a little bit busy.`,
  `Now, the thing about an alert that nobody needs is that it is not free. It costs you the alert that somebody does need. We had an outage in March where the database ran out of disk, and the warning had been sitting in the channel for six hours. Six people had seen it. Nobody had read it. That is what noise does, it teaches people to look away.`,
  `And I want to be very clear here, um, the people were not the problem. We had good engineers who cared. But every alert was added for a good reason, after a bad day, and no alert was ever removed. Nobody gets promoted for deleting an alarm. So the pile only grows.`,
  `Okay, next slide please. So what did we do? We started deleting. Every Friday at two o'clock we opened the list of everything that had rung that week, and for each alert we asked one question. What did the person who was woken up actually do? If the answer was nothing, we deleted the alert. Not muted. Deleted.`,
  `And, um, people were scared of that, of course. Somebody said to me, what if we delete the one that matters? And that is a fair question. So we kept a graveyard. Every deleted alert went into a file with the date and the name of the person who deleted it, and anybody could bring it back within one minute. In two years we brought back four.`,
  `The second rule was that an alert without a runbook is not an alert. A runbook is just, you know, a page that tells you what to do at three in the morning when you are stupid with sleep. Three lines are enough. What is broken, who is hurt, what do I type first. If you can't write those three lines, then you do not understand the alert well enough to wake somebody with it.`,
  `And the third rule, I mean, this one surprised me, the third rule was that the person who writes the alert takes the first week of it. If it wakes you, you fix it. It took about a month, and suddenly our alerts were, uh, they were beautiful. Because when you are the one who gets woken up, you become a very careful writer.`,
  `By the end of that year we went from eleven hundred alerts a month to forty. And the time to notice a real outage went from fifty minutes to four. Fewer alarms made us faster. I'll say that again because it sounds wrong. We deleted ninety six percent of our alarms and we became twelve times faster at noticing real trouble.`,
  `Okay, let me change the subject, because there is a half of this story which is not about machines at all. It is about sleep.`,
  `So a person who is woken twice in a night makes decisions the next day like a person who has had, um, two or three beers. There is good research on this. We would never let somebody deploy to production drunk. But we were very proud of the engineer who fixed the outage at four and then came to stand-up at nine. We clapped for her. I clapped for her. I'm ashamed of that now.`,
  `So we wrote it down as a rule. If your pager rings between midnight and six, you do not work that morning. You don't ask. You don't apologise. Your calendar is cleared by a script, not by a manager, because a manager can make you feel guilty and a script cannot.`,
  `And you know what happened to our velocity, right? Everybody asks that. Nothing happened. We shipped the same amount of work with fewer hours, because tired people write the bugs that wake up the next tired person. Sleep turned out to be the cheapest reliability tool we ever bought.`,
  `The other thing we changed was the handover. Every Monday the old shift and the new shift drink a coffee together for thirty minutes, and there is only one topic. What are you worried about? Not what happened, that is in the log. What are you worried about. You would not believe how many outages we stopped with that one question.`,
  `Um, so, I'm almost out of time. If you remember one thing from this talk, remember this. An alarm is a promise that somebody will get out of bed, and you should make very few promises. Go home, open your list of alerts, and ask what the last person did when it rang. And if the answer is nothing, be brave. Delete it and let somebody sleep. Thank you very much. I think we have two minutes for questions.`,
];

const msPerWord = 375;
const longestLine = 16;

/** The talk in lines as they come from a recogniser: sentences, the long ones broken in two, timed at 160 words a minute. */
export const talkLines: readonly TranscriptLine[] = linesFrom(paragraphs);

/** Times any paragraphs like the talk: a third of a second between lines, 1.4 s after a paragraph. */
export function linesFrom(texts: readonly string[]): TranscriptLine[] {
  let at = 1_000;
  return texts
    .flatMap((paragraph) => {
      const timed = paragraph.split(/(?<=[.?!]) /u).flatMap(shortLines);
      const lines = timed.map((text) => {
        const startMs = at;
        const endMs = startMs + text.split(' ').length * msPerWord;
        at = endMs + 330;
        return { startMs: sourceMs(startMs), endMs: sourceMs(endMs), text };
      });
      at += 1_070;
      return lines;
    })
    .map((line, index) => ({ ...line, id: index + 1, segmentId: `segment-${index + 1}` }));
}

function shortLines(sentence: string): string[] {
  const words = sentence.split(' ');
  if (words.length <= longestLine) return [sentence];
  const comma = words.findIndex((word, index) => index >= 5 && word.endsWith(','));
  const cut = comma > 0 && comma < words.length - 4 ? comma + 1 : longestLine;
  return [words.slice(0, cut).join(' '), ...shortLines(words.slice(cut).join(' '))];
}
