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

/** Starts the process. Each person asks, waits for the answer, thinks, and asks again. */
export async function openCrowd(
  { url, token, workspaceId, database }: House,
  { people, thinkMs }: { people: number; thinkMs: number },
): Promise<Crowd> {
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
      child.send({ url, token, workspaceId, uploadId, people, thinkMs, seconds });
      const [answer] = await Promise.race([answered, failed]);
      child.disconnect();
      await gone;
      return z.array(said).parse(answer);
    },
  };
}
