/** What the store says of a caller after something was taken. */
interface Told {
  readonly used: number;
  readonly remaining: number;
  readonly resetAt: Date;
  readonly refused: boolean;
}

/** Callers whose handful is remembered; what others had left of theirs is lost to them. */
const remembered = 10_000;

interface Handful<Budget extends Told> {
  left: number;
  /** Unknown, and later than any time, until the store has answered. */
  endsAt: number;
  readonly budget: Promise<Budget>;
}

/**
 * Takes `size` at a time from the store for each caller and hands them out one by one: one write where there were `size`.
 * What a process did not hand out by the end of a window nobody gets: with three processes a caller may have two handfuls
 * less than the table says, and never more.
 */
export function byHandfuls<Budget extends Told>(
  size: number,
  takeFrom: (caller: string, points: number) => Promise<Budget>,
): (caller: string) => Promise<Budget> {
  const handfuls = new Map<string, Handful<Budget>>();
  return async (caller) => {
    const handful = current(caller) ?? grab(caller);
    handful.left -= 1;
    const { left } = handful;
    const budget = await handful.budget;
    if (budget.refused) return budget;
    return { ...budget, remaining: budget.remaining + left, used: budget.used - left };
  };

  function current(caller: string): Handful<Budget> | null {
    const handful = handfuls.get(caller);
    return handful && handful.left > 0 && handful.endsAt > Date.now() ? handful : null;
  }

  function grab(caller: string): Handful<Budget> {
    const handful: Handful<Budget> = { left: size, endsAt: Number.POSITIVE_INFINITY, budget: takeFrom(caller, size) };
    void noteEnd(handful);
    handfuls.delete(caller);
    const [oldest] = handfuls.keys();
    if (handfuls.size >= remembered && oldest !== undefined) handfuls.delete(oldest);
    handfuls.set(caller, handful);
    return handful;
  }
}

/** What went wrong is told to those who wait for it; the next one asks anew. */
async function noteEnd(handful: Handful<Told>): Promise<void> {
  try {
    handful.endsAt = (await handful.budget).resetAt.getTime();
  } catch {
    handful.endsAt = 0;
  }
}
