type Numbers = Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer>;

/** Numbers that come one by one and never go. */
export interface NumberList<List extends Numbers> {
  push(value: number): void;
  /** All of them so far, without a copy; what comes later is not in it. */
  readonly all: List;
}

/** A list that doubles its typed array as it fills: three hours of levels take 4 MB so, and 17 as plain numbers. */
export function numberList<List extends Numbers>(ofLength: (length: number) => List): NumberList<List> {
  let held = ofLength(1024);
  let count = 0;
  return {
    push(value) {
      if (count === held.length) {
        const larger = ofLength(2 * count);
        larger.set(held);
        held = larger;
      }
      held[count] = value;
      count += 1;
    },
    get all() {
      // subarray of a list is a list of the same kind; the language's own type forgets which.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return held.subarray(0, count) as List;
    },
  };
}
