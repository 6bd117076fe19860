import { isIP } from 'node:net';
import { z } from 'zod';

/** One word of the environment: what it accepts, what it is for, and whether its value must never be printed. */
interface Word<T extends z.ZodType = z.ZodType> {
  readonly type: T;
  readonly about: string;
  readonly secret?: true;
}

const word = <T extends z.ZodType>(type: T, about: string): Word<T> => ({ type, about });
const secret = <T extends z.ZodType>(type: T, about: string): Word<T> => ({ type, about, secret: true });

const text = z.string().trim().min(1);
const count = z.coerce.number().int().min(1);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const toggle = z.enum(['auto', 'on', 'off']).default('auto');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** An address as a resolver takes it: `9.9.9.9`, `9.9.9.9:53`, `[2620:fe::fe]:53`. */
const isNameServer = (server: string): boolean =>
  isIP(server.replace(/^\[(.*)\](:\d{1,5})?$/, '$1').replace(/^([\d.]+):\d{1,5}$/, '$1')) > 0;

/**
 * The whole environment as a table: the only place that names a variable. `.env.example` and docs/environment.md are
 * printed from it. An empty value counts as unset.
 */
export const words = {
  NODE_ENV: word(
    z.enum(['development', 'production', 'test']).default('development'),
    'Production refuses embedded defaults that are unsafe there.',
  ),
  PORT: word(z.coerce.number().int().min(0).max(65535).default(4000), 'Port of the API; 0 takes a free one.'),
  HOST: word(text.default('127.0.0.1'), 'Address the API listens on; 0.0.0.0 in a container.'),
  PUBLIC_URL: word(z.url().optional(), 'How clients reach the API; by default http://127.0.0.1:PORT.'),
  OFFPRINT_HOME: word(
    text.default('.offprint'),
    'Folder of everything embedded: database, stored bytes, development keys, models.',
  ),
  WORK_DIR: word(text.optional(), 'Folder for work in progress; by default OFFPRINT_HOME/work.'),
  LOG_LEVEL: word(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'Least severe line that is logged.',
  ),
  DRAIN_MS: word(
    z.coerce.number().int().min(0).default(0),
    'How long a stopping API still answers, with /readyz at 503; longer than a balancer takes to look twice.',
  ),
  CORS_ORIGINS: word(list.default(['*']), 'Web origins that may call the API, separated by commas.'),
  INTROSPECTION: word(
    toggle,
    'Whether the schema may be asked for, and faults may suggest names of it; auto = outside production.',
  ),
  GRAPHIQL: word(toggle, 'Whether /graphql shows GraphiQL to browsers; auto = outside production.'),
  TRUSTED_DOCUMENTS: word(
    text.optional(),
    'File of the only documents that may run, by id, as `npm run codegen` writes it; unset lets all run.',
  ),
  MAX_BODY_BYTES: word(
    count.default(1024 ** 2),
    'Largest request to /graphql in bytes; captions that are sent with an upload must fit into it.',
  ),
  HTTPS: word(
    z.enum(['off', 'self-signed']).default('off'),
    'self-signed answers by HTTPS with a certificate for this machine, which is made at first use (never in production).',
  ),
  HTTPS_KEY_FILE: word(text.optional(), 'Private key (PEM) to answer by HTTPS with.'),
  HTTPS_CERT_FILE: word(text.optional(), 'Its certificate and those between (PEM).'),
  EXECUTION_TIMEOUT_MS: word(
    count.default(15_000),
    'How long a query or mutation, and each of its statements, may take, in milliseconds; and how long its body may take to arrive.',
  ),
  TRUST_PROXY: word(
    z.coerce.number().int().min(0).max(10).default(0),
    'Proxies in front of the API whose X-Forwarded-For is believed; 0 believes none.',
  ),
  RATE_LIMITS: word(
    z.enum(['on', 'off']).default('on'),
    'off counts no requests, such as for measuring; else as the table of docs/rates.md says.',
  ),
  REDIS_URL: secret(text.optional(), 'Redis that counts the rates; unset counts them in the database.'),
  REQUESTS_AT_ONCE: word(
    count.default(100),
    'Requests that one API process answers at a time; more are refused with 503 at once, instead of keeping all waiting.',
  ),
  CONNECTIONS_AT_ONCE: word(
    count.default(10_000),
    'Connections that one API process holds at a time, of requests, streams and sockets together; more are closed as they come.',
  ),
  SLOW_READER_MS: word(
    z.coerce.number().int().min(100).default(12_000),
    'How long an answer over HTTP, or an event of a stream, may wait for its reader to take it; then the reader is cut off.',
  ),
  SOCKETS_PER_USER: word(count.default(10), 'Sockets that one person may have open at one API process.'),
  SOCKET_PING_MS: word(
    z.coerce.number().int().min(100).default(12_000),
    'How often a socket is pinged; who has not answered by the next one is cut off.',
  ),
  DATABASE_URL: secret(text.optional(), 'PostgreSQL 18; unset starts the embedded one (never in production).'),
  FFMPEG_PATH: word(text.optional(), 'ffmpeg to use; else the one on PATH, else the bundled fallback.'),
  FFPROBE_PATH: word(text.optional(), 'ffprobe to use; as FFMPEG_PATH.'),
  FFMPEG_ALLOW_BUNDLED: word(flag.default(false), '1 allows the bundled ffmpeg of 2018 in production too.'),
  FFMPEG_CONCURRENCY: word(count.optional(), 'Encodes at a time per worker; by default cores - 1, at least 1.'),
  PROVIDER_CONCURRENCY: word(count.default(8), 'Stages at a time per worker that mostly wait for outside services.'),
  DEFAULT_PLAN: word(
    z.enum(['unlimited', 'free', 'creator', 'studio']).default('unlimited'),
    'Plan of a workspace that is made from now on: what it may use in a month.',
  ),
  MAX_UPLOAD_BYTES: word(count.default(8 * 1024 ** 3), 'Largest recording accepted, in bytes.'),
  MAX_MEDIA_MINUTES: word(count.default(180), 'Longest recording accepted, in minutes.'),
  RETRY_BASE_MS: word(
    count.default(5000),
    'First wait before a failed stage is tried again; each further one is three times longer.',
  ),
  WORKER_SILENT_MS: word(
    z.coerce.number().int().min(3_000).default(15_000),
    'A worker that has not been heard of for this long is dead: its stages run elsewhere. Workers beat every second.',
  ),
  SUPABASE_URL: word(
    z.url().optional(),
    'Supabase project that stores the bytes; unset uses the embedded file-backed endpoint.',
  ),
  SUPABASE_SERVICE_ROLE_KEY: secret(text.optional(), 'Service key of that project.'),
  STORAGE_SECRET: secret(
    z.string().min(32).optional(),
    'Signs the links of the embedded storage; generated under OFFPRINT_HOME when unset.',
  ),
  STORAGE_URL: word(
    z.url().optional(),
    'How the worker reaches the embedded storage of the API, such as http://api:4000; by default PUBLIC_URL.',
  ),
  WEBHOOK_ALLOW_PRIVATE: word(
    flag.default(false),
    '1 lets webhooks go to private networks and this machine; refused in production.',
  ),
  WEBHOOK_NAME_SERVERS: word(
    list.refine((servers) => servers.every(isNameServer), 'addresses, each with or without a port').optional(),
    'Name servers that hosts of webhooks are looked up with, separated by commas; unset asks those of the system.',
  ),
  CLERK_JWT_KEY: secret(
    text.optional(),
    'Public key (PEM) of the Clerk instance; with neither key nor key set a development key pair (never in production).',
  ),
  CLERK_JWKS_URL: word(
    z.url().optional(),
    'Where the instance publishes its keys (https://…/.well-known/jwks.json), instead of CLERK_JWT_KEY.',
  ),
  CLERK_SECRET_KEY: secret(
    text.optional(),
    "The instance's secret key: its keys are then fetched from Clerk's API. Used for nothing else.",
  ),
  CLERK_JWT_ISSUER: word(z.url().optional(), 'Issuer that tokens must name; required with any of the three.'),
  CLERK_WEBHOOK_SIGNING_SECRET: secret(
    z
      .string()
      .regex(/^whsec_[\w+/=]+$/, 'must begin with whsec_')
      .optional(),
    'Of the webhook to /webhooks/clerk; without it a membership of an organisation counts only while the token names that one.',
  ),
  CLERK_AUTHORIZED_PARTIES: word(
    list.default([]),
    'Origins (azp) whose tokens are accepted, separated by commas; required in production.',
  ),
  ADMIN_USER_IDS: word(
    list.default([]),
    "The identity provider's ids of people who look after the deployment and see every workspace, separated by commas.",
  ),
  SPEECH_TO_TEXT: word(
    z.enum(['auto', 'captions', 'openai', 'whisper']).default('auto'),
    'auto = captions sent or embedded, else openai when configured, else whisper when installed.',
  ),
  LANGUAGE_MODEL: word(
    z.enum(['auto', 'openai', 'extractive']).default('auto'),
    "auto = openai when OPENAI_API_KEY is set, else extractive (the speaker's own sentences, offline).",
  ),
  OPENAI_API_KEY: secret(text.optional(), 'Key of OpenAI or of any compatible server.'),
  OPENAI_BASE_URL: word(z.url().optional(), 'Base URL of a compatible server, such as http://localhost:8000/v1.'),
  OPENAI_TRANSCRIPTION_MODEL: word(
    text.default('whisper-1'),
    'Must answer verbose_json with word times; or diarized_json, as gpt-4o-transcribe-diarize: speakers, words estimated.',
  ),
  OPENAI_LANGUAGE_MODEL: word(text.default('gpt-4.1-mini'), 'Must support structured outputs.'),
  MODEL_CALL_TTL_DAYS: word(count.default(30), 'How long the answer of a model is remembered, in days.'),
  MODEL_CALL_MAX_BYTES: word(
    count.default(256 * 1024 ** 2),
    'Most bytes of remembered answers in one workspace; the oldest go first.',
  ),
  ORPHAN_GRACE_HOURS: word(
    count.default(24),
    'How old a stored object that no row names must be before it is removed, in hours.',
  ),
  WHISPER_MODEL: word(
    z.enum(['tiny', 'tiny.en', 'base', 'base.en', 'small', 'small.en']).default('base'),
    'whisper.cpp model that is fetched once when WHISPER_MODEL_PATH is unset.',
  ),
  WHISPER_MODEL_PATH: word(text.optional(), 'whisper.cpp model file on this machine.'),
  WHISPER_MODEL_BASE_URL: word(
    z.url().default('https://huggingface.co/ggerganov/whisper.cpp/resolve/main'),
    'Where whisper models are fetched from.',
  ),
} as const satisfies Record<string, Word>;
