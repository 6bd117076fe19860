import { asker } from '#base/fair-pool.ts';
import { thisCorrelation } from '#base/log.ts';
import { isOutage, wasCutShort } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';

/** Asks the database by the values of several askers, and gives what each of them asked for, in their order. */
interface Asking<Question, Found, Way extends Disposable> {
  /** A way to ask: one of the few of all, else one of those that `key` has. */
  readonly open: (key: string | undefined) => Promise<Way>;
  readonly ask: (way: Way, question: Question, values: readonly (readonly unknown[])[]) => Promise<Found[]>;
  /** For how many one statement may ask, as far as it is known how much each of them gets. */
  readonly mostOf: (question: Question) => number;
  /** Who has waited for so long, in milliseconds, has been answered already that it took too long. */
  readonly mostMs?: number;
}

/** Somebody who waits, on whose behalf, and since when, in milliseconds. */
interface Waiting<Found> {
  readonly key: string | undefined;
  readonly since: number;
  readonly values: readonly unknown[];
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** A question that is being asked: by how many statements at present, how many of them for the late, and who waits. */
interface Line<Found> {
  underWay: number;
  late: number;
  readonly waiting: Waiting<Found>[];
  /** When somebody has waited for long enough. */
  timer?: NodeJS.Timeout | undefined;
}

/** Statements of one question at a time: with more of them each one is slower, and fewer askers share it. */
const atOnce = 2;

/**
 * Who has waited for longer is asked for on their own behalf, with all who wait then: a statement may hang, or one of its
 * askers get much more than others do, and the ways of all may be taken by those of other questions.
 */
const patienceMs = 100;

/** Then the connections of the process would soon be used up. */
const mostLate = 6;

/** How many are asked for by one statement: each number is a statement of its own. */
const sizes = [8, 4, 2, 1];

/**
 * Asks the same question for many. Who comes while it is asked by two statements already waits for one of them to end, and
 * is asked for together with all who wait then: setting a statement up takes the server as long as reading a small page.
 */
export function askedTogether<Question extends object, Found, Way extends Disposable>({
  open,
  ask,
  mostOf,
  mostMs = Number.POSITIVE_INFINITY,
}: Asking<Question, Found, Way>): (question: Question, values: readonly unknown[]) => Promise<Found> {
  const lines = new Map<Question, Line<Found>>();
  return (question, values) => {
    const line = lines.get(question) ?? { underWay: 0, late: 0, waiting: [] };
    lines.set(question, line);
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    line.waiting.push({ key: asker()?.key, since: performance.now(), values, resolve, reject });
    if (line.underWay - line.late < atOnce) ofNobody(() => void serve(question, line));
    if (!line.timer) watch(question, line);
    return promise;
  };

  async function serve(question: Question, line: Line<Found>): Promise<void> {
    line.underWay += 1;
    do await answer(question, line, undefined);
    while (line.waiting.length > 0);
    leave(question, line);
  }

  async function serveLate(question: Question, line: Line<Found>): Promise<void> {
    line.underWay += 1;
    line.late += 1;
    do await answer(question, line, line.waiting[0]?.key);
    while (isLate(line));
    line.late -= 1;
    leave(question, line);
  }

  function leave(question: Question, line: Line<Found>): void {
    line.underWay -= 1;
    if (line.underWay === 0) lines.delete(question);
  }

  function taken(question: Question, line: Line<Found>): Waiting<Found>[] {
    const { waiting } = line;
    const first = waiting.findIndex(({ since }) => since + mostMs > performance.now());
    for (const { reject } of waiting.splice(0, first === -1 ? waiting.length : first)) reject(tooLate());
    const most = Math.min(waiting.length, mostOf(question));
    const served = waiting.splice(0, sizes.find((size) => size <= most) ?? 1);
    watch(question, line);
    return served;
  }

  /** Looks after whoever waits for longest. */
  function watch(question: Question, line: Line<Found>): void {
    clearTimeout(line.timer);
    const [longest] = line.waiting;
    const late = (): void => {
      if (line.waiting.length > 0 && line.late < mostLate) void serveLate(question, line);
    };
    const leftMs = longest && longest.since + patienceMs - performance.now();
    line.timer = leftMs === undefined ? undefined : ofNobody(() => setTimeout(late, Math.max(leftMs, 1)));
  }

  /** Whoever waits is taken once there is a way to ask: until then more may come, and some may have given up. */
  async function answer(question: Question, line: Line<Found>, key: string | undefined): Promise<void> {
    try {
      using way = await open(key);
      const served = taken(question, line);
      if (served.length > 0) await answered(way, question, served);
    } catch (error) {
      for (const one of taken(question, line)) one.reject(error);
    }
  }

  /**
   * What goes wrong for several may be the fault of one: each is asked for once more, one behind the other. A database
   * that is away, or that a lock keeps from answering, is nobody's fault.
   */
  async function answered(way: Way, question: Question, served: readonly Waiting<Found>[]): Promise<void> {
    try {
      const found = await ask(
        way,
        question,
        served.map(({ values }) => values),
      );
      for (const [at, one] of found.entries()) served[at]?.resolve(one);
    } catch (error) {
      const mayBeOfOne = served.length > 1 && !isOutage(error) && !wasCutShort(error);
      if (!mayBeOfOne) for (const one of served) one.reject(error);
      else for (const one of served) await alone(way, question, one.values).then(one.resolve, one.reject);
    }
  }

  async function alone(way: Way, question: Question, values: readonly unknown[]): Promise<Found> {
    const [found] = await ask(way, question, [values]);
    // One was asked for.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return found as Found;
  }
}

const tooLate = (): Problem => new Problem('TIMED_OUT', { what: 'The operation' });

const isLate = ({ waiting: [longest] }: { readonly waiting: readonly { readonly since: number }[] }): boolean =>
  longest !== undefined && longest.since + patienceMs <= performance.now();

/** A statement is asked for many, under the request of none of them. */
const ofNobody = thisCorrelation();
