/* oxlint-disable no-extend-native -- nothing else sees each expression that runs; it stands while `work` does */

/**
 * How many characters regular expressions look at while something works: what takes the square of a hostile input shows
 * in it, on a busy machine as on an idle one.
 */
export function scannedBy(work: () => unknown): number {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the expression it was called on
  const { exec } = RegExp.prototype;
  let scanned = 0;
  RegExp.prototype.exec = function counted(this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    // Splitting tries a sticky expression at each place.
    const until = match ? match.index + match[0].length : this.sticky ? from + 1 : text.length;
    scanned += Math.max(1, until - from);
    return match;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return scanned;
}
