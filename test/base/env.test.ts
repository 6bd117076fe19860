import { describe, expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { words } from '#base/env-words.ts';

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://u:p@db/offprint',
  CLERK_JWT_KEY: 'a key',
  CLERK_JWT_ISSUER: 'https://clerk.example.com',
  CLERK_AUTHORIZED_PARTIES: 'https://studio.example.com',
  STORAGE_SECRET: 's'.repeat(32),
};

function refusalOf(source: Record<string, string>): string {
  try {
    envFrom(source);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

test('an empty environment is a whole one for development', () => {
  const env = envFrom({});
  expect(env).toMatchObject({ NODE_ENV: 'development', production: false, PORT: 4000, HOST: '127.0.0.1' });
  expect(env.home).toMatch(/^\/.*\.offprint$/);
});

test('an empty value counts as unset', () => {
  const unset = Object.fromEntries(Object.keys(words).map((name) => [name, '']));
  expect(envFrom(unset)).toEqual(envFrom({}));
});

test('every fault is told at once, each with what is allowed', () => {
  const refusal = refusalOf({
    PORT: '70000',
    SPEECH_TO_TEXT: 'ears',
    PUBLIC_URL: 'nowhere',
    PROVIDER_CONCURRENCY: '0',
  });
  expect(refusal.split('\n').map((line) => line.split(':')[0])).toEqual([
    'The environment is not valid',
    'PORT',
    'PUBLIC_URL',
    'PROVIDER_CONCURRENCY',
    'SPEECH_TO_TEXT',
  ]);
  expect(refusal).toMatch(/SPEECH_TO_TEXT: .*"auto"\|"captions"\|"openai"\|"whisper"/);
});

test('a refusal never shows a secret', () => {
  const refusal = refusalOf({ STORAGE_SECRET: 'short-secret', PORT: 'x', OPENAI_API_KEY: 'sk-secret' });
  expect(refusal).toContain('STORAGE_SECRET');
  expect(refusal).not.toMatch(/short-secret|sk-secret/);
});

test('lists are split at commas, flags are 0 or 1', () => {
  const env = envFrom({ CORS_ORIGINS: 'https://a.example, https://b.example,', FFMPEG_ALLOW_BUNDLED: '1' });
  expect(env.CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
  expect(env.FFMPEG_ALLOW_BUNDLED).toBe(true);
  expect(refusalOf({ FFMPEG_ALLOW_BUNDLED: 'yes' })).toContain('FFMPEG_ALLOW_BUNDLED');
});

test.each([
  [{ SUPABASE_URL: 'https://x.supabase.co' }, 'SUPABASE_SERVICE_ROLE_KEY'],
  [{ CLERK_JWT_KEY: 'k' }, 'CLERK_JWT_ISSUER'],
  [{ CLERK_JWKS_URL: 'https://clerk.example.com/jwks' }, 'CLERK_JWT_ISSUER'],
  [{ CLERK_SECRET_KEY: 'k' }, 'CLERK_JWT_ISSUER'],
  [{ SPEECH_TO_TEXT: 'openai' }, 'OPENAI_API_KEY'],
  [{ LANGUAGE_MODEL: 'openai' }, 'OPENAI_API_KEY'],
])('%j alone is not enough', (source, missing) => {
  expect(refusalOf(source)).toContain(missing);
});

describe('production', () => {
  test('runs with everything that must be given', () => {
    expect(envFrom(production).production).toBe(true);
  });

  test.each(['DATABASE_URL', 'CLERK_JWT_KEY', 'CLERK_AUTHORIZED_PARTIES', 'STORAGE_SECRET'])(
    'is refused without %s',
    (name) => {
      expect(refusalOf({ ...production, [name]: '' })).toContain(`${name}: required in production`);
    },
  );

  test.each([{ CLERK_JWKS_URL: 'https://clerk.example.com/jwks' }, { CLERK_SECRET_KEY: 'sk_live_1' }])(
    'takes %j instead of a key',
    (keys) => {
      expect(envFrom({ ...production, CLERK_JWT_KEY: '', ...keys }).clerk).toBe(true);
    },
  );

  test.each(['https://dev.offprint.invalid', 'https://dev.invalid/', 'https://localhost', 'http://clerk.example.com'])(
    'is refused with the issuer %s of development',
    (issuer) => {
      const source = { ...production, CLERK_JWT_ISSUER: issuer };
      expect(refusalOf(source)).toContain('a development issuer is refused in production');
    },
  );

  test.each([
    ['CLERK_AUTHORIZED_PARTIES', 'https://studio.example.com,http://localhost:3000'],
    ['CLERK_AUTHORIZED_PARTIES', '*'],
    ['CLERK_JWKS_URL', 'http://clerk.example.com/jwks'],
  ])('is refused with %s=%s', (name, value) => {
    expect(refusalOf({ ...production, [name]: value })).toContain(`${name}: must be`);
  });
});
