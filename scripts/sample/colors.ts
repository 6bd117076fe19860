/** Colours of the slides, as rrggbb. */
export const paper = '14203a';
export const ink = 'f6f3ea';
export const accent = 'fca311';
export const rail = '32456b';
