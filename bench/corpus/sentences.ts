type Body = (terms: readonly string[]) => string;

/** Sentences that fit every topic: what surrounds the few that are worth a clip. Each takes the topic's six terms. */
export const bodies: readonly Body[] = [
  (terms) => `Now, let us look at the ${terms[0]} a bit more closely.`,
  (terms) => `When people talk about the ${terms[1]}, they usually mean the ${terms[2]} as well.`,
  (terms) => `You will find that the ${terms[2]} behaves differently under load.`,
  (terms) => `In practice, the ${terms[3]} depends on the ${terms[4]} and on how much traffic you have.`,
  (terms) => `There are two ways to think about a ${terms[5]}, and both of them are useful.`,
  (terms) => `On this slide you can see the ${terms[1]} on the left and the ${terms[3]} on the right.`,
  (terms) => `We measured the ${terms[4]} over thirty days and plotted it by hour.`,
  (terms) => `If the ${terms[5]} grows, then the ${terms[0]} grows with it.`,
  (terms) => `Some of you asked about the ${terms[3]} during the break.`,
  (terms) => `This works well for a small ${terms[2]}, but it does not scale for free.`,
  (terms) => `The textbook says that the ${terms[0]} comes first.`,
  (terms) => `For example, a ${terms[4]} in a shop is not the same as a ${terms[4]} in a bank.`,
  (terms) => `That brings us back to the ${terms[1]}.`,
  (terms) => `I would start with the ${terms[5]} and leave the ${terms[2]} for later.`,
];

export const fillers = [
  'Um, let me find the right slide for this.',
  'Okay, so, where was I.',
  'Sorry, my microphone was muted for a second.',
  'Uh, give me a moment, the screen is frozen.',
  'Alright, can everyone in the back hear me?',
  'Let me just take a sip of water.',
];

/** Somebody in the audience asks about a term. */
export const questions: readonly ((term: string) => string)[] = [
  (term) => `Could you say a bit more about the ${term}?`,
  (term) => `What happens to the ${term} when the network is down?`,
  (term) => `How would you test the ${term} in a small team?`,
];

export const answers = [
  'That is a great question.',
  'Good question, and the short answer is that it depends.',
  'Yes, and I get this one a lot.',
];
