import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';
import type { House } from './house.ts';

/** One request, as its sender saw it. */
const said = z.object({
  /** Since the crowd began, in milliseconds. */
  atMs: z.number(),
  tookMs: z.number(),
  /** 0 where there was no answer. */
  status: z.int(),
  /** Errors in the answer, those of payloads too. */
  errors: z.int(),
  write: z.boolean(),
});
export type Said = z.output<typeof said>;

/** People at their pages, in a process of their own. */
export interface Crowd {
  /** Lets all of them ask for so many seconds; everything that was said. */
  during(seconds: number): Promise<Said[]>;
}

/** Who they are, how many, how long they think, and whether they have asked before. */
interface Asking {
  readonly crowd: string;
  readonly people: number;
  readonly thinkMs: number;
  readonly known?: boolean;
}

/**
 * Starts the process. Each person is somebody of their own, with an address of their own behind a proxy; they ask, wait for
 * the answer, think, and ask again.
 */
export async function openCrowd(
  { url, tokenOf, workspaceId, database }: House,
  { crowd, people, thinkMs, known = false }: Asking,
): Promise<Crowd> {
  const tokens = await Promise.all(Array.from({ length: people }, (_, at) => tokenOf(`${crowd}-${at}`)));
  const { id: uploadId } = await database.prisma.upload.findFirstOrThrow({
    where: { contents: { some: {} } },
    select: { id: true },
  });
  return {
    async during(seconds) {
      const child = fork(path.join(import.meta.dirname, 'people.ts'));
      const gone = once(child, 'exit');
      const failed = gone.then(() => Promise.reject(new Error('The process of the people ended.')));
      const answered = once(child, 'message');
      child.send({ url, tokens, workspaceId, uploadId, thinkMs, known, seconds });
      const [answer] = await Promise.race([answered, failed]);
      child.disconnect();
      await gone;
      return z.array(said).parse(answer);
    },
  };
}
