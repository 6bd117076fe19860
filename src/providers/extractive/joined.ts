/** Texts in a row; scripts without spaces get none between them. */
export const joined = (texts: readonly string[]): string =>
  texts.reduce((all, text) => `${all}${all === '' || wide.test(all) ? '' : ' '}${text}`, '');

/** Ends in a script that writes no spaces. */
export const wide = /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff60]$/u;
