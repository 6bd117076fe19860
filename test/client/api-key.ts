import { createClient } from '#client/client.ts';
import type { TypedDocument } from '#client/document.ts';
import type { House } from '../support/house.ts';

type Scope = 'READ' | 'WRITE' | 'MANAGE';

interface Input {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

const document: TypedDocument<{ readonly createApiKey: { readonly token: string | null } | null }, { input: Input }> = {
  toString: () => 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { token errors { message } } }',
};

/** An API key of the house's workspace, as a program shows it. */
export async function apiKeyOf({ url, token, workspaceId }: House, ...scopes: readonly Scope[]): Promise<string> {
  const made = await createClient({ url, token }).mutate(document, { workspaceId, name: 'Importer', scopes });
  return made.ok ? (made.token ?? '') : '';
}
