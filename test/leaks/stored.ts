import type { Caller, Names, World } from './world.ts';

/** The link of a recording's file. */
export async function linkOf(world: World, caller: Caller, names: Names): Promise<URL> {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Upload { file { link { url } } } } }';
  const { text } = await world.ask(caller, query, { id: names('Upload') });
  return new URL(/"url":"([^"]+)"/.exec(text)?.[1] ?? '');
}

/** What stands at an address. */
export async function got(url: URL, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, text: await answer.text() };
}
