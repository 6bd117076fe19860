/** One sentence of the talk and the silence after it. */
interface Sentence {
  readonly text: string;
  readonly pauseMs: number;
}

/** One part of the talk: the slide it stands on, and whether the camera fills the picture from one sentence on. */
export interface Section {
  readonly title: string;
  /** Each bullet appears with the sentence of that number (counted from 0 in the section). */
  readonly bullets: readonly { readonly text: string; readonly withSentence: number }[];
  readonly diagram: 'tape' | 'gap' | 'commit' | 'fridays';
  /** Sentences during which the camera fills the picture: first and last, counted from 0. */
  readonly closeUp?: readonly [first: number, last: number];
  readonly sentences: readonly Sentence[];
}

const say = (text: string, pauseMs: number): Sentence => ({ text, pauseMs });

/** Silence before the first word, in milliseconds. */
export const leadMs = 700;

/**
 * The talk. Numbers are spelled out so that the captions are the words that are heard. The people are invented; the
 * arithmetic holds: 1,333 uploads a day with a gap of 0.2 s, and 30 deploys a day for 120 days, meet eleven times.
 */
export const talk: readonly Section[] = [
  {
    title: 'The recording we lost',
    bullets: [
      { text: '90 minutes, one speaker, one take', withSentence: 1 },
      { text: 'Received in full, then gone', withSentence: 4 },
    ],
    diagram: 'tape',
    closeUp: [2, 3],
    sentences: [
      say('Three years ago, we lost a recording.', 900),
      say(
        'It was ninety minutes long: a retired surgeon, telling her students what forty years in an operating room had taught her.',
        700,
      ),
      say('She gave that talk once, and she was not going to give it again.', 800),
      say('I had to write the message that said it was gone.', 1000),
      say('So how does a team of four lose a file that had already arrived?', 1300),
    ],
  },
  {
    title: 'Two writes, one gap',
    bullets: [
      { text: 'First the row, then the job', withSentence: 1 },
      { text: 'Between them: 0.2 seconds', withSentence: 2 },
      { text: '11 uploads lost in four months', withSentence: 4 },
    ],
    diagram: 'gap',
    sentences: [
      say('The answer was embarrassingly small.', 600),
      say('Our upload code did two things: it saved a row in the database, and then it put a job on the queue.', 650),
      say('Between those two lines there was a gap of a fifth of a second.', 700),
      say(
        'If a server restarted inside that gap, the row said that work was waiting, and nobody was coming to do it.',
        900,
      ),
      say(
        'That sounds like nothing, but we deploy thirty times a day, and in four months we fell into it eleven times.',
        1400,
      ),
    ],
  },
  {
    title: 'One commit',
    bullets: [
      { text: 'Row and job in one transaction', withSentence: 1 },
      { text: 'Every step is safe to run twice', withSentence: 6 },
      { text: 'A result is named after its inputs', withSentence: 7 },
    ],
    diagram: 'commit',
    sentences: [
      say('The fix is one idea.', 600),
      say('Put the row and the job in the same database transaction.', 600),
      say('Either both of them exist, or neither does, and the gap is gone.', 850),
      say('People will tell you that a queue inside a database does not scale.', 600),
      say(
        'So we measured it: one small database starts a thousand jobs a second, and in our busiest hour we need six.',
        1000,
      ),
      say('Then comes the second half: a job that can be retried will be retried, usually halfway through.', 700),
      say('So every step has to be safe to run twice.', 600),
      say('Our trick is to name each result after everything that went into it.', 650),
      say('Same recording, same settings, same name: and if the name is already there, the work is done.', 1300),
    ],
  },
  {
    title: 'Friday, half past two',
    bullets: [
      { text: 'Pull the plug, every week', withSentence: 1 },
      { text: '700,000 recordings, none lost', withSentence: 4 },
      { text: 'What is left behind in your gap?', withSentence: 6 },
    ],
    diagram: 'fridays',
    closeUp: [7, 11],
    sentences: [
      say('How do we know that it works?', 800),
      say('Every Friday, at half past two, somebody pulls the plug on a running server.', 700),
      say('The first time, my hands were shaking.', 600),
      say('Now nobody looks up from their coffee.', 1000),
      say('Since then, seven hundred thousand recordings have come in, and we have lost none.', 1100),
      say(
        'If you remember one thing, remember this: never save the promise in one place and the work in another.',
        750,
      ),
      say(
        'Go home, find two lines of your code that must both happen, and ask what is left behind if the power goes out between them.',
        900,
      ),
      say("Somebody's only copy may be standing in that gap.", 1200),
      say('And the surgeon?', 900),
      say('She came back, and gave the talk again.', 700),
      say('This time, it has captions.', 1000),
      say('Thank you.', 1000),
    ],
  },
];
