import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationAdapter } from './migration-adapter.ts';
import { readSchema } from './migration-files.ts';

/** Prisma's schema engine at one database. */
export interface SchemaEngine extends AsyncDisposable {
  /** Puts one question to the engine. What fails below it (the driver, a panic) is the error's cause. */
  ask<T>(question: (engine: glue.SchemaEngine) => Promise<T>): Promise<T>;
}

// The same engine as behind `prisma migrate`, of the same release, but in WebAssembly: the native one is fetched from
// the network at its first use. 0.2 s to load, once per process.
let loading: Promise<void> | undefined;
let panic: string | undefined;

/** Opens the schema engine at the database of a URL. */
export async function openSchemaEngine(url: string): Promise<SchemaEngine> {
  await (loading ??= load());
  const adapter = new MigrationAdapter(url);
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const schema = await readSchema();
  const engine = await glue.SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => undefined, factory);
  return {
    ask: (question) => question(engine).catch((error: unknown) => Promise.reject(withCause(error, factory))),
    [Symbol.asyncDispose]: async () => {
      engine.free();
      await adapter[Symbol.asyncDispose]();
    },
  };
}

async function load(): Promise<void> {
  const registry = { set_message: (message: string) => void (panic = message) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports() });
  glue.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start === 'function') start();
}

/** The engine limits its wait for its lock by a timer of 10 seconds that it never clears: it must not hold the process. */
function imports(): WebAssembly.ModuleImports {
  const later = (wake: () => void, ms: number): NodeJS.Timeout => setTimeout(wake, ms).unref();
  const timers = Object.keys(glue).filter((name) => name.startsWith('__wbg_setTimeout_'));
  return { ...glue, ...Object.fromEntries(timers.map((name) => [name, later])) };
}

/** The engine only passes on the number of a driver's error, and nothing of a panic. */
function withCause(error: unknown, factory: ReturnType<typeof bindMigrationAwareSqlAdapterFactory>): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof WebAssembly.RuntimeError)
    return new Error(`The schema engine gave up: ${panic}`, { cause: error });
  const id = /External error id#(\d+)/.exec(error.message)?.[1];
  const driver = id === undefined ? undefined : factory.errorRegistry.consumeError(Number(id))?.error;
  return driver instanceof Error ? new Error(driver.message, { cause: driver }) : error;
}
