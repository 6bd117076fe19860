/** Asks the database by the values of several askers, and gives what each of them asked for, in their order. */
interface Asking<Question, Found> {
  readonly ask: (question: Question, values: readonly (readonly unknown[])[]) => Promise<Found[]>;
  /** For how many one statement may ask, as far as it is known how much each of them gets. */
  readonly mostOf: (question: Question) => number;
}

/** Somebody who waits. */
interface Waiting<Found> {
  readonly values: readonly unknown[];
  readonly resolve: (found: Found | Promise<Found>) => void;
  readonly reject: (error: unknown) => void;
}

/** A question that is being asked: by how many statements at present, and who waits for one to end. */
interface Line<Found> {
  underWay: number;
  readonly waiting: Waiting<Found>[];
  /** When those who wait have waited for long enough. */
  timer?: NodeJS.Timeout | undefined;
}

/** Statements of one question at a time: with more of them each one is slower, and fewer askers share it. */
const atOnce = 2;

/** Nobody waits for longer than this: a statement may hang, or one of its askers get much more than others do. */
const patienceMs = 100;

/** How many are asked for by one statement: each number is a statement of its own. */
const sizes = [8, 4, 2, 1];

/**
 * Asks the same question for many. Who comes while it is asked by two statements already waits for one of them to end, and
 * is asked for together with all who wait then: setting a statement up takes the server as long as reading a small page.
 */
export function askedTogether<Question extends object, Found>({
  ask,
  mostOf,
}: Asking<Question, Found>): (question: Question, values: readonly unknown[]) => Promise<Found> {
  const lines = new Map<Question, Line<Found>>();
  return (question, values) => {
    const line = lines.get(question) ?? { underWay: 0, waiting: [] };
    lines.set(question, line);
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    line.waiting.push({ values, resolve, reject });
    if (line.underWay < atOnce) void serve(question, line);
    else line.timer ??= setTimeout(() => void serve(question, line), patienceMs);
    return promise;
  };

  async function serve(question: Question, line: Line<Found>): Promise<void> {
    line.underWay += 1;
    do await answer(question, taken(question, line));
    while (line.waiting.length > 0 && line.underWay <= atOnce);
    line.underWay -= 1;
    if (line.underWay === 0) lines.delete(question);
  }

  function taken(question: Question, line: Line<Found>): Waiting<Found>[] {
    const { waiting } = line;
    const most = Math.min(waiting.length, mostOf(question));
    const served = waiting.splice(0, sizes.find((size) => size <= most) ?? 1);
    clearTimeout(line.timer);
    line.timer = waiting.length > 0 ? setTimeout(() => void serve(question, line), patienceMs) : undefined;
    return served;
  }

  /** What goes wrong for several may be the fault of one: each is asked for once more, by themselves. */
  async function answer(question: Question, served: readonly Waiting<Found>[]): Promise<void> {
    try {
      const found = await ask(
        question,
        served.map(({ values }) => values),
      );
      for (const [at, one] of found.entries()) served[at]?.resolve(one);
    } catch (error) {
      for (const { values, resolve, reject } of served) {
        if (served.length === 1) reject(error);
        else resolve(alone(question, values));
      }
    }
  }

  async function alone(question: Question, values: readonly unknown[]): Promise<Found> {
    const [found] = await ask(question, [values]);
    // One was asked for.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return found as Found;
  }
}
