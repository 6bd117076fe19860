/** Ends of the names of what must not be told, whatever its value looks like. */
const secretName = 'token|secret|passwo?r?d|authorization|cookie|signature|api[-_]?key|jwt|credentials?';

/**
 * What is recognised wherever it stands in a text, each kept up to its first group: named values as JSON (also inside a
 * text inside a text), in headers and in addresses, bearer tokens, passwords in addresses, the address of the worker's
 * own server of ranges; then, by their own shape, session tokens, keys of ours and of vendors, signatures of webhooks.
 */
const secrets = new RegExp(
  [
    `((?:${secretName})(\\\\*)"\\s*:\\s*\\[?\\2")(?:\\\\.|[^"\\\\])*?(?=\\2")`,
    `((?:${secretName}|\\bkey|\\bsig)(?:=|:\\s?)(?:(?:bearer|basic)\\s+)?)(?:v1a?,)?[^\\s"'\\\\,;&<>]+`,
    '(\\bbearer\\s+)[\\w.~+/=-]+',
    `(://[^\\s/:@"'\\\\]*:)[^\\s/@"'\\\\]+(?=@)`,
    '(127\\.0\\.0\\.1:\\d{1,5}/)[\\w-]{43}(?![\\w-])',
    '\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*',
    '\\b(?:sk-|[sr]k_(?:live|test)_|ofp_|sb_secret_|sbp_)[\\w*-]{8,}',
    '\\bwhsec_[\\w+/=]+',
    '\\bv1a?,[\\w+/]{20,}={0,2}',
  ].join('|'),
  'gi',
);

/** An address of a person; a version behind an `@` has no letters at its end. */
const address = /[\p{L}\p{N}._%+-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/giu;

/** A text without signed links, tokens, keys, passwords and e-mail addresses: for logs and for stored failures. */
export function redact(text: string): string {
  const told = text.replace(secrets, (_all, ...groups: unknown[]) => {
    const before = groups.slice(0, kept).find((group, at) => at !== backslashes && typeof group === 'string' && group);
    return `${typeof before === 'string' ? before : ''}[redacted]`;
  });
  // Without one the search would look for it from every letter on.
  return /@|%40/.test(told) ? told.replace(address, '[e-mail]') : told;
}

/** Groups of `secrets`, and the one among them that only counts backslashes. */
const kept = 6;
const backslashes = 1;

const isSecretName = new RegExp(`(?:${secretName})$`, 'i');

/**
 * The same for a text of JSON, which stays JSON: each string in it is read, redacted and written again; one under the
 * name of a secret is gone as a whole, whatever it looks like, in a list of such too.
 */
export function redactJson(json: string): string {
  let name = '';
  return json.replace(/("(?:\\.|[^"\\])*")(\s*:)?/g, (_all, literal: string, colon: string | undefined) => {
    if (colon !== undefined) {
      name = literal.slice(1, -1);
      return redactedLiteral(literal) + colon;
    }
    return isSecretName.test(name) ? '"[redacted]"' : redactedLiteral(literal);
  });
}

function redactedLiteral(literal: string): string {
  const text: unknown = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  if (typeof text !== 'string') return literal;
  const told = redact(text);
  return told === text ? literal : JSON.stringify(told);
}
