import { keysOf, recordOf } from '#base/record.ts';

/** How much a socket takes, and a reader of streams, besides what every request obeys (`limits.ts`). */
export const socketLimitTable = {
  operations: {
    most: 20,
    about: 'Operations of a socket at a time; one more is refused with TOO_MANY_OPERATIONS.',
  },
  initMs: {
    most: 3_000,
    about: 'Milliseconds until a socket says who it is by `connection_init`; then it is closed with 4408.',
  },
  messageBytes: { most: 64 * 1024, about: 'Bytes of a message to the API; a larger one closes the socket with 1009.' },
  // Each operation waits until its last answer has left the process: a reader that stops holds one answer of each.
  waitingBytes: {
    most: 4 * 1024 ** 2,
    about: 'Bytes that wait for the reader of a socket; one who lets more wait is cut off.',
  },
} as const;

/** The figures alone. */
export const socketLimits = recordOf(keysOf(socketLimitTable), (name): number => socketLimitTable[name].most);
