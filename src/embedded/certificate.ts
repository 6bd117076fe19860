import { X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Env } from '#base/env.ts';
import { Problem } from '#base/problem.ts';
import { createdOnce } from './created-once.ts';

/** Key and certificate of the API, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

type Words = Pick<Env, 'HTTPS' | 'HTTPS_KEY_FILE' | 'HTTPS_CERT_FILE' | 'home'>;

/**
 * What the API answers HTTPS with: the files of the environment, or one for this machine that is made at first use; null
 * for plain HTTP. One of our own is trusted by this process from then on, so that its worker and its storage reach each
 * other. Throws ENVIRONMENT_INVALID for files that cannot be read.
 */
export async function certificateFrom(env: Words): Promise<Certificate | null> {
  if (env.HTTPS_KEY_FILE && env.HTTPS_CERT_FILE) {
    return { key: await read(env.HTTPS_KEY_FILE), cert: await read(env.HTTPS_CERT_FILE) };
  }
  if (env.HTTPS === 'off') return null;
  const own = await ownCertificate(path.join(env.home, 'https.pem'));
  setDefaultCACertificates([...getCACertificates('default'), own.cert]);
  return own;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Problem('ENVIRONMENT_INVALID', { list: 'HTTPS_KEY_FILE and HTTPS_CERT_FILE: cannot be read' }, error);
  }
}

/** Key and certificate stand in one file, so that neither is ever there without its other half. */
async function ownCertificate(file: string): Promise<Certificate> {
  const standing = partsOf(await createdOnce(file, made));
  if (new X509Certificate(standing.cert).validToDate > new Date()) return standing;
  await rm(file);
  return partsOf(await createdOnce(file, made));
}

function partsOf(pem: string): Certificate {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, at), cert: pem.slice(at) };
}

/** Valid for as long as browsers accept, and only for names of this machine. */
async function made(): Promise<string> {
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Offprint on this machine' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + 397 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return `${key.trim()}\n${cert.trim()}\n`;
}
