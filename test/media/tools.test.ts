import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { openFolder } from '#base/temp.ts';
import { findTools } from '#media/tools.ts';

const log = openLog('silent');

/** A program that answers like ffmpeg but lists only what is given. */
async function program(listing: string): Promise<string> {
  const folder = await openFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await mkdir(folder.path, { recursive: true });
  const file = folder.file('ffmpeg');
  await writeFile(file, `#!/bin/sh\necho "ffmpeg version 9.9-test Copyright"\necho "${listing}"\n`);
  await chmod(file, 0o755);
  return file;
}

describe('findTools', () => {
  it('takes the programs of the environment or of the system, with their version', async () => {
    const tools = await findTools(envFrom(), log);
    expect(tools.version).toMatch(/^(N-)?\d/);
  });

  it('refuses a path that does not start, naming the variable, instead of taking another program', async () => {
    const env = envFrom({ FFMPEG_PATH: '/nonexistent/ffmpeg' });
    const finding = findTools(env, log);
    await expect(finding).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    await expect(finding).rejects.toThrow('FFMPEG_PATH');
  });

  it('names the filters and encoders that a build lacks', async () => {
    const env = envFrom({ FFMPEG_PATH: await program(' ... ebur128 A->A Scanner.') });
    const finding = findTools(env, log);
    await expect(finding).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    await expect(finding).rejects.toThrow(/no (?!.*filter ebur128).*filter ass.*encoder libx264/);
  });

  describe('on a machine without ffmpeg', () => {
    async function emptyPath() {
      const folder = await openFolder();
      vi.stubEnv('PATH', folder.path);
      onTestFinished(async () => {
        vi.unstubAllEnvs();
        await folder[Symbol.asyncDispose]();
      });
      return folder.path;
    }

    it('takes the bundled programs and says once which they are and what is better', async () => {
      const home = await emptyPath();
      const lines: string[] = [];
      const tools = await findTools(
        envFrom({ OFFPRINT_HOME: home }),
        pino({ level: 'info' }, { write: (line: string) => lines.push(line) }),
      );
      expect(tools).toMatchObject({ bundled: true, leashed: false });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(tools.version);
      expect(lines[0]).toContain('apt install ffmpeg');
    });

    it('refuses to take them in production, unless told', async () => {
      const home = await emptyPath();
      const env = { ...envFrom({ OFFPRINT_HOME: home }), production: true };
      await expect(findTools(env, log)).rejects.toThrow('FFMPEG_ALLOW_BUNDLED');
      expect(await findTools({ ...env, FFMPEG_ALLOW_BUNDLED: true }, log)).toMatchObject({ bundled: true });
    });
  });
});
