import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import type { StorageServer } from '../support/storage.ts';
import { sendByTus, type TusStep } from '../support/tus.ts';

const video = 'video/mp4';

/** A name nobody used before: a real server keeps what earlier runs left. */
const freshName = (artifact = 'source'): ObjectName & { bucket: 'uploads' } => ({
  bucket: 'uploads',
  key: `${randomUUID()}/${randomUUID()}/${artifact}/${randomUUID()}.mp4`,
});

const bytesOf = async (storage: ObjectStorage, name: ObjectName): Promise<Buffer> => buffer(await storage.read(name));

/** What every object storage does, whoever runs the server. */
export function describeObjectStorage(label: string, open: () => Promise<StorageServer>): void {
  describe(`object storage over ${label}`, () => {
    test('making the buckets twice is no failure', async () => {
      await using server = await open();
      await server.storage.ensureBuckets();
      await expect(server.storage.ensureBuckets()).resolves.toBeUndefined();
    });

    test('a stored text is read back, with its size and type', async () => {
      await using server = await open();
      const name = { ...freshName(), bucket: 'transcripts' } as const;
      await server.storage.put(name, 'Grüße', { contentType: 'text/vtt' });
      expect(await text(await server.storage.read(name))).toBe('Grüße');
      expect(await server.storage.info(name)).toEqual({ sizeBytes: 7, contentType: 'text/vtt' });
    });

    test('a stored file replaces what was there', async () => {
      await using server = await open();
      await using folder = await openFolder();
      const name = freshName();
      await server.storage.put(name, 'old', { contentType: 'text/plain' });
      const bytes = randomBytes(300_000);
      await writeFile(folder.file('clip.mp4'), bytes);
      await server.storage.putFile(name, folder.file('clip.mp4'), { contentType: video });
      expect(await bytesOf(server.storage, name)).toEqual(bytes);
      expect(await server.storage.info(name)).toEqual({ sizeBytes: 300_000, contentType: video });
    });

    test('a range holds the bytes from its start up to, not including, its end', async () => {
      await using server = await open();
      const name = freshName();
      await server.storage.put(name, '0123456789', { contentType: video });
      expect(await text(await server.storage.read(name, { range: { start: 2, end: 5 } }))).toBe('234');
      expect(await text(await server.storage.read(name, { range: { start: 8, end: 99 } }))).toBe('89');
      await expect(server.storage.read(name, { range: { start: 5, end: 5 } })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(server.storage.read(name, { range: { start: 50, end: 60 } })).rejects.toMatchObject({
        code: 'PROVIDER_REJECTED',
      });
    });

    test('what was never stored has no info and cannot be read', async () => {
      await using server = await open();
      const name = freshName();
      expect(await server.storage.info(name)).toBeNull();
      await expect(server.storage.read(name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(server.storage.signDownload(name, { expiresInSeconds: 60 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    test('removed objects are gone, and those that never were are skipped', async () => {
      await using server = await open();
      const [kept, gone, missing] = [freshName(), freshName(), freshName()];
      for (const name of [kept, gone]) await server.storage.put(name, 'x', { contentType: video });
      await server.storage.remove('uploads', [gone.key, missing.key]);
      expect(await server.storage.info(gone)).toBeNull();
      expect(await server.storage.info(kept)).not.toBeNull();
    });

    test('a listing holds every key below a folder, in order, and none of its neighbours', async () => {
      await using server = await open();
      const workspace = randomUUID();
      const keys = ['a/1.mp4', 'a/2.mp4', 'b/deep/er/3.mp4'].map((rest) => `${workspace}/${rest}`);
      for (const key of [...keys, `${workspace}x/4.mp4`]) {
        await server.storage.put({ bucket: 'clips', key }, key, { contentType: video });
      }
      const listed: unknown[] = [];
      for await (const line of server.storage.list('clips', workspace)) listed.push(line);
      expect(listed).toEqual(keys.map((key) => ({ key, sizeBytes: key.length, storedAt: expect.any(Date) })));
    });

    test('a listing says when the bytes were last written, also where they replaced others', async () => {
      await using server = await open();
      const name = freshName();
      const listed = async () => {
        for await (const line of server.storage.list(name.bucket, name.key.slice(0, 36))) return line;
        return null;
      };
      await server.storage.put(name, 'old', { contentType: video });
      const first = await listed();
      await server.storage.put(name, 'newer', { contentType: video });
      const second = await listed();
      expect(second?.sizeBytes).toBe(5);
      expect(second?.storedAt.getTime()).toBeGreaterThan(first?.storedAt.getTime() ?? Infinity);
      expect(Math.abs(Date.now() - (second?.storedAt.getTime() ?? 0))).toBeLessThan(60_000);
    });

    test('a signed download link serves ranges and makes browsers save under the given name', async () => {
      await using server = await open();
      const name = freshName();
      await server.storage.put(name, '0123456789', { contentType: video });
      const link = await server.storage.signDownload(name, {
        expiresInSeconds: 60,
        downloadName: 'Ärger & "Spaß".mp4',
      });
      const answer = await fetch(link.url, { headers: { range: 'bytes=0-3' } });
      expect([answer.status, await answer.text()]).toEqual([206, '0123']);
      expect(answer.headers.get('content-type')).toBe(video);
      expect(answer.headers.get('content-disposition')).toContain(
        "filename*=UTF-8''%C3%84rger%20%26%20%22Spa%C3%9F%22.mp4",
      );
      expect(link.expiresAt.getTime() - Date.now()).toBeGreaterThan(50_000);
    });

    test('a download link opens nothing else, and nothing when one letter of it is changed', async () => {
      await using server = await open();
      const [mine, other] = [freshName(), freshName()];
      for (const name of [mine, other]) await server.storage.put(name, 'secret', { contentType: video });
      const { url } = await server.storage.signDownload(mine, { expiresInSeconds: 60 });
      expect((await fetch(url)).status).toBe(200);
      expect((await fetch(url.replace(mine.key, other.key))).status).toBe(400);
      const signature = url.lastIndexOf('.') + 1;
      const changed = url[signature] === 'A' ? 'B' : 'A';
      const tampered = `${url.slice(0, signature)}${changed}${url.slice(signature + 1)}`;
      expect((await fetch(tampered)).status).toBe(400);
    });

    test('a PUT target takes one body and refuses a second', async () => {
      await using server = await open();
      const name = freshName();
      const target = await server.storage.signUpload(name, { protocol: 'PUT', contentType: video, sizeBytes: 5 });
      const put = () => fetch(target.url, { method: 'PUT', headers: target.headers, body: 'bytes' });
      expect((await put()).status).toBe(200);
      expect((await put()).status).toBe(400);
      expect(await server.storage.info(name)).toEqual({ sizeBytes: 5, contentType: video });
    });

    test('a target may be renewed until the object exists', async () => {
      await using server = await open();
      const name = freshName();
      const wanted = { protocol: 'PUT', contentType: video, sizeBytes: 5 } as const;
      await server.storage.signUpload(name, wanted);
      const { url, headers } = await server.storage.signUpload(name, wanted);
      await fetch(url, { method: 'PUT', headers, body: 'bytes' });
      await expect(server.storage.signUpload(name, wanted)).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    test('an interrupted tus upload is invisible, and continues with a renewed target', async () => {
      await using server = await open();
      const name = freshName();
      const bytes = randomBytes(14 * 1024 ** 2);
      const wanted = { protocol: 'TUS', contentType: video, sizeBytes: bytes.length } as const;
      const first = await server.storage.signUpload(name, wanted);
      const broken = await sendByTus(first, bytes, { stopAt: 7 * 1024 ** 2 });
      expect(await server.storage.info(name)).toBeNull();
      const second = await server.storage.signUpload(name, wanted);
      const steps: TusStep[] = [];
      await sendByTus(second, bytes, { resume: broken.uploadUrl, steps });
      expect(steps[0]?.method).toBe('HEAD');
      expect(steps[0]?.offset).toBeGreaterThanOrEqual(6 * 1024 ** 2);
      expect(steps.at(-1)).toEqual({ method: 'PATCH', offset: bytes.length });
      expect((await bytesOf(server.storage, name)).equals(bytes)).toBe(true);
      expect(await server.storage.info(name)).toEqual({ sizeBytes: bytes.length, contentType: video });
    });

    test('a name that could leave its bucket never reaches the server', async () => {
      await using server = await open();
      const keys = [
        '../clips/x',
        'a/../../clips/x',
        'a//b',
        '/a',
        'a/',
        '',
        '.',
        'a/./b',
        'a\u0000b',
        'a?b',
        'a%2e',
        'a#b',
      ];
      for (const key of keys) {
        const name = { bucket: 'uploads', key } as const;
        await expect(server.storage.info(name)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
        await expect(server.storage.put(name, 'x', { contentType: video })).rejects.toMatchObject({
          code: 'INVALID_INPUT',
        });
        const wanted = { protocol: 'PUT', contentType: video, sizeBytes: 5 } as const;
        await expect(server.storage.signUpload(name, wanted)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
        await expect(server.storage.remove('uploads', [key])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
    });

    test("the caller's abort ends a call with the caller's own reason", async () => {
      await using server = await open();
      const reason = new Error('the run was canceled');
      const wanted = { contentType: video, signal: AbortSignal.abort(reason) };
      await expect(server.storage.put(freshName(), 'x', wanted)).rejects.toBe(reason);
    });
  });
}
