/** One request as it arrived. `authorized` instead of the header, so that a failing test never prints a key. */
export interface SeenRequest {
  readonly path: string;
  readonly authorized: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The JSON body; null for multipart. */
  readonly json: unknown;
  /** The text fields of a multipart body, by name. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Buffer } | null;
}

/** An answer before it is written: the status and the JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An error answer in the service's own shape. */
export const refused = (status: number, message: string, code: string | null = null): Answer => ({
  status,
  body: { error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param: null, code } },
});
