import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { FileStore } from '@tus/file-store';
import type { Locker, Upload } from '@tus/server';
import type { Disk } from './disk.ts';
import { KeyLock } from './key-lock.ts';
import { cutOff, sendersOfOne } from './newest.ts';
import { dropTus } from './partial-bytes.ts';

const lifeMs = 24 * 60 * 60 * 1000;
const objectDigits = 16;

/** What all ids of uploads to one object begin with: its others are found by the names of files, without opening any. */
const objectPart = ({ bucket, key }: { bucket: string; key: string }): string =>
  createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, objectDigits);

/** A new id of an upload to an object: 32 hexadecimal digits. */
export const newTusId = (place: { bucket: string; key: string }): string =>
  `${objectPart(place)}${randomBytes(8).toString('hex')}`;

/** Whether an upload has become its object. */
export const isSettled = (record: Upload): boolean => record.storage?.type === settled;

export const settled = 'settled';

interface Rig {
  readonly disk: Disk;
  /** Whoever writes to an upload holds its lock. */
  readonly locker: Locker;
  /** Held while an upload becomes its object. */
  readonly settling: KeyLock;
}

/** Uploads on disk. A creation ends the oldest of those to its object that are unfinished, so that two stay. */
export class TusFiles extends FileStore {
  /** What sends to an upload now, by its id. */
  readonly senders = new Map<string, IncomingMessage>();
  readonly #rig: Rig;
  readonly #creating = new KeyLock();

  constructor(rig: Rig) {
    super({ directory: rig.disk.tus, expirationPeriodInMilliseconds: lifeMs });
    this.#rig = rig;
  }

  override create(upload: Upload): Promise<Upload> {
    const object = upload.id.slice(0, objectDigits);
    return this.#creating.hold(object, async () => {
      const unfinished = await this.#unfinished(object);
      for (const { id } of unfinished.slice(0, -(sendersOfOne - 1))) await this.#end(id);
      return super.create(upload);
    });
  }

  /** Oldest first. */
  async #unfinished(object: string): Promise<Upload[]> {
    const files = (await readdir(this.directory)).filter((file) => file.startsWith(object) && file.endsWith('.json'));
    const records = await Promise.all(files.map((file) => this.configstore.get(path.basename(file, '.json'))));
    return records
      .filter((record) => record !== undefined)
      .filter((record) => !isSettled(record))
      .sort((a, b) => Date.parse(a.creation_date ?? '') - Date.parse(b.creation_date ?? ''));
  }

  /** Bytes on their way are cut off first: a removed file that is still written to keeps its room on the disk. */
  async #end(id: string): Promise<void> {
    const { disk, locker, settling } = this.#rig;
    const sender = this.senders.get(id);
    if (sender) cutOff(sender);
    const lock = locker.newLock(id);
    await lock.lock(new AbortController().signal, () => {});
    try {
      await settling.hold(id, async () => {
        const record = await this.configstore.get(id);
        if (record && !isSettled(record)) await dropTus(disk, id);
      });
    } finally {
      await lock.unlock();
    }
  }
}
