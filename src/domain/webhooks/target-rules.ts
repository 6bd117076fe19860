import type { Env } from '#base/env.ts';
import type { TargetRules } from '#providers/webhook-address.ts';

/** What this deployment allows as targets of webhooks. */
export const targetRules = (env: Env): TargetRules => ({
  allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
  httpsOnly: env.production,
  nameServers: env.WEBHOOK_NAME_SERVERS,
});
