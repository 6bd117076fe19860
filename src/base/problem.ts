/**
 * Every failure of the product is one of these. A code is stable: clients branch on it, logs are searched by it.
 * `retry` says whether the same attempt may succeed later; `audience` says whether a caller may see the code
 * (an operator's code reaches callers as INTERNAL). `say` makes the one sentence a person reads: no secrets, no
 * signed URLs, no paths of the machine.
 */
interface ProblemKind {
  readonly retry: 'permanent' | 'transient';
  readonly audience: 'caller' | 'operator';
  readonly say: (facts: Facts) => string;
}

/** Numbers and words that explain one occurrence. They are logged, so never a token and never a signed URL. */
export type Facts = Readonly<Record<string, unknown>>;

const permanent = (say: ProblemKind['say']): ProblemKind => ({ retry: 'permanent', audience: 'caller', say });
const transient = (say: ProblemKind['say']): ProblemKind => ({ retry: 'transient', audience: 'caller', say });
const operator = (say: ProblemKind['say']): ProblemKind => ({ retry: 'permanent', audience: 'operator', say });

/** A fact inside a sentence, in words of its own if it needs any; what is neither text nor a number is left out. */
const told = (fact: unknown, otherwise: string, around = (text: string) => text): string =>
  typeof fact === 'string' || typeof fact === 'number' ? around(`${fact}`) : otherwise;

/** Every sentence is whole without facts, too: the API's schema and docs/problems.md are printed from those. */
export const problems = {
  INVALID_INPUT: permanent((f) => told(f.reason, 'The input is not valid.')),
  NOT_FOUND: permanent((f) => `${told(f.what, 'The object')} was not found.`),
  FORBIDDEN: permanent((f) => told(f.reason, `Your role in this workspace does not allow ${told(f.action, 'this')}.`)),
  CONFLICT: permanent((f) => told(f.reason, 'Somebody else changed the object first.')),
  STALE_REVISION: permanent((f) =>
    f.currentRevision === undefined
      ? 'Somebody else changed the object first: read it again.'
      : `Revision ${told(f.expectedRevision, '?')} was changed to ${told(f.currentRevision, '?')} meanwhile: read it again.`,
  ),
  IDEMPOTENCY_KEY_REUSED: permanent(() => 'This idempotency key was already used with another input.'),
  QUOTA_EXCEEDED: permanent((f) =>
    f.kind === undefined
      ? 'The plan of the workspace does not allow this now.'
      : `The plan allows ${told(f.limit, 'fewer')} ${told(f.unit, 'of these')}${f.resetsAt === null ? '' : ' a month'}; ` +
        `${told(f.used, '0')} are used, ${told(f.reserved, '0')} reserved, and this would take ${told(f.wanted, 'more')}.`,
  ),
  RATE_LIMITED: transient((f) =>
    f.limit === undefined
      ? 'This is asked for too often: wait a little.'
      : `At most ${told(f.limit, 'a few')} ${told(f.what, 'of these')} are allowed in ${told(f.seconds, '60')} seconds: wait a little.`,
  ),
  INVALID_STATE: permanent((f) => told(f.reason, 'The object is not in a state that allows this.')),
  MEDIA_UNSUPPORTED: permanent(
    (f) => `The file is not a recording we can read${told(f.found, '', (found) => ` (found ${found})`)}.`,
  ),
  MEDIA_CORRUPT: permanent(() => 'The recording is damaged or incomplete and cannot be decoded.'),
  MEDIA_NO_AUDIO: permanent(() => 'The recording has no audio track, so there is nothing to transcribe.'),
  MEDIA_NO_SPEECH: permanent(() => 'No speech was found in the recording.'),
  MEDIA_TOO_LARGE: permanent((f) =>
    f.sizeBytes === undefined
      ? 'The file has more bytes than are accepted.'
      : `The file has ${told(f.sizeBytes, '?')} bytes; at most ${told(f.limitBytes, 'fewer')} are accepted.`,
  ),
  MEDIA_TOO_LONG: permanent((f) =>
    f.minutes === undefined
      ? 'The recording lasts longer than is accepted.'
      : `The recording lasts ${told(f.minutes, '?')} minutes; at most ${told(f.limitMinutes, 'fewer')} are accepted.`,
  ),
  CHECKSUM_MISMATCH: permanent(() => 'The bytes that arrived do not match the size or checksum that was announced.'),
  UPLOAD_INCOMPLETE: permanent((f) =>
    f.receivedBytes === undefined
      ? 'The bytes have not all arrived; send them to the upload target first.'
      : `Only ${told(f.receivedBytes, '0')} of ${told(f.expectedBytes, 'all')} bytes have arrived.`,
  ),
  TRANSCRIBER_NOT_CONFIGURED: permanent(
    () =>
      'The recording has no caption track and no speech-to-text is configured. Either send captions (SRT or VTT) with ' +
      'the upload, or set OPENAI_API_KEY (any compatible server), or install @fugood/whisper.node for local transcription.',
  ),
  PROVIDER_UNAVAILABLE: transient((f) => `The ${told(f.provider, 'outside')} service did not answer.`),
  PROVIDER_REJECTED: permanent((f) => `The ${told(f.provider, 'outside')} service refused the request.`),
  PROVIDER_BAD_ANSWER: transient((f) => `The ${told(f.provider, 'outside')} service answered in a form we cannot use.`),
  RULE_BROKEN: permanent((f) => `The text breaks a rule of its platform${told(f.rule, '', (rule) => `: ${rule}`)}.`),
  ENCODE_FAILED: permanent(() => 'Encoding the video failed.'),
  DISK_FULL: transient(() => 'The worker ran out of disk space; the work is tried again.'),
  WORKER_LOST: transient(() => 'The worker that ran this stopped without finishing.'),
  TIMED_OUT: transient((f) => `${told(f.what, 'The work')} took longer than allowed.`),
  CANCELED: permanent(() => 'The run was canceled.'),
  INTERNAL: transient(() => 'Something went wrong on our side.'),
  ENVIRONMENT_INVALID: operator((f) => `The environment is not valid${told(f.list, '.', (list) => `:\n${list}`)}`),
  PORT_IN_USE: operator((f) => `Port ${told(f.port, 'of the API')} is already in use; set PORT to a free one.`),
  TOOL_MISSING: operator((f) => `${told(f.tool, 'A program')} cannot be used: ${told(f.reason, 'it is missing')}.`),
  DATABASE_UNAVAILABLE: operator((f) => `The database cannot be used: ${told(f.reason, 'it does not answer.')}`),
  MIGRATION_FAILED: operator((f) => `The database could not be migrated: ${told(f.reason, 'the log says why.')}`),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

/** A failure with a stable code, facts for the log and, where something else caused it, that cause. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly facts: Facts;

  constructor(code: ProblemCode, facts: Facts = {}, cause?: unknown) {
    super(problems[code].say(facts), cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
  }

  /** Whether the same work may succeed when tried again later. */
  get transient(): boolean {
    return problems[this.code].retry === 'transient';
  }

  /** How long an outside service asked us to wait, in milliseconds, where it said so. */
  get retryAfterMs(): number | undefined {
    return typeof this.facts.retryAfterMs === 'number' ? this.facts.retryAfterMs : undefined;
  }
}

/** Any thrown value as a Problem; what is not one already becomes INTERNAL with the original as its cause. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (isDiskFull(thrown)) return new Problem('DISK_FULL', {}, thrown);
  return new Problem('INTERNAL', {}, thrown);
}

const isDiskFull = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
