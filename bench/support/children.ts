import { readdir, readFile } from 'node:fs/promises';

/** Processes called `name` whose parent is this one (Linux). */
export async function childrenOf(parent: number, name: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const found = await Promise.all(pids.map(async (pid) => ((await isChild(pid, { parent, name })) ? [pid] : [])));
  return found.flat();
}

/** The line is `pid (name) state parent …`. */
async function isChild(pid: number, of: { parent: number; name: string }): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(line) ?? [];
  return name === of.name && Number(parent) === of.parent;
}
