/**
 * The answers that refuse a call, in the words of Supabase Storage: clients branch on the code. The status inside the
 * JSON is the true one; the HTTP status is 400 for nearly all of them, because that is what clients of the real
 * server have learned to read.
 */
const refusals = {
  InvalidRequest: { status: 400, error: 'invalid_request', message: 'The request is not valid' },
  InvalidKey: { status: 400, error: 'InvalidKey', message: 'Invalid key' },
  InvalidBucketName: { status: 400, error: 'InvalidBucketName', message: 'Bucket name invalid' },
  Unauthenticated: { status: 400, error: 'Error', message: "headers must have required property 'authorization'" },
  InvalidJWT: { status: 400, error: 'InvalidJWT', message: 'The token is not valid or has expired' },
  InvalidSignature: { status: 400, error: 'InvalidSignature', message: 'The token was made for another object' },
  AccessDenied: { status: 403, error: 'Unauthorized', message: 'Only the service key may do this' },
  NoSuchRoute: { status: 404, error: 'Not Found', message: 'Route not found' },
  NoSuchBucket: { status: 404, error: 'Bucket not found', message: 'Bucket not found' },
  NoSuchKey: { status: 404, error: 'not_found', message: 'Object not found' },
  NoSuchUpload: { status: 404, error: 'not_found', message: 'The upload was not found' },
  BucketAlreadyExists: { status: 409, error: 'Duplicate', message: 'The resource already exists' },
  KeyAlreadyExists: { status: 409, error: 'Duplicate', message: 'The resource already exists' },
  ResourceNotEmpty: { status: 409, error: 'InvalidRequest', message: 'The bucket is not empty' },
  PreconditionFailed: { status: 412, error: 'PreconditionFailed', message: 'A precondition of the request failed' },
  BodyTooLarge: { status: 413, error: 'Payload too large', message: 'The request body is too large' },
  EntityTooLarge: { status: 413, error: 'Payload too large', message: 'The object exceeded the maximum allowed size' },
  InvalidMimeType: { status: 415, error: 'invalid_mime_type', message: 'The mime type is not supported' },
  InvalidRange: { status: 416, error: 'InvalidRange', message: 'The requested range cannot be satisfied' },
  InternalError: { status: 500, error: 'internal', message: 'Internal server error' },
} as const satisfies Record<string, { status: number; error: string; message: string }>;

export type RefusalCode = keyof typeof refusals;

const keepsItsStatus: ReadonlySet<RefusalCode> = new Set([
  'BodyTooLarge',
  'InvalidRange',
  'InternalError',
  'NoSuchRoute',
]);

/** Ends a call of the storage endpoint with one of the protocol's own answers. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** The true status; tus clients get it as it is. */
  readonly status: number;

  constructor(code: RefusalCode, cause?: unknown) {
    super(refusals[code].message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = refusals[code].status;
  }

  /** What JSON clients see as HTTP status. */
  get httpStatus(): number {
    return keepsItsStatus.has(this.code) ? this.status : 400;
  }

  /** The body JSON clients see. */
  get body(): Record<string, string> {
    return {
      statusCode: String(this.status),
      error: refusals[this.code].error,
      message: this.message,
      code: this.code,
    };
  }
}
