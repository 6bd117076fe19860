import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
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
});
