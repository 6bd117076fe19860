/** A recording to give to ffmpeg, for as long as it is held. */
export interface Source extends AsyncDisposable {
  /** A file of this machine, or `http://127.0.0.1:<port>/<secret>` of our own server of ranges. */
  readonly at: string;
  /**
   * What reads it runs under this. It aborts with the caller's signal, and with the storage's Problem (PROVIDER_*) once
   * bytes cannot be had: before the reader's line is cut, so that no program takes the broken line for the end.
   */
  readonly signal: AbortSignal;
}
