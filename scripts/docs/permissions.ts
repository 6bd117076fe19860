import { type PermissionName, permissionNames, permissionOf } from '#graph/permissions.ts';
import { code, table } from './table.ts';

/** docs/permissions.md, printed from the table of permissions. */
export const permissionsPage = (): string => `# Who may do what

Printed from \`src/graph/permissions.ts\` by \`npm run docs\`; change it there.

Everything else that the schema shows may be read by every member of the workspace and by every API key of it. What is in
another workspace is not found, whatever the role. A role includes those below it: owner, admin, editor, viewer.

## Mutations

${table(head, rowsOf(permissionNames.filter((name) => /^[^.]+$/.test(name))))}

## Cases of mutations that take more

${table(head, rowsOf(permissionNames.filter((name) => /^[a-z].*\./.test(name))))}

## Fields that not every member may read

A field that the caller may not read is null, or an empty list, and nothing is told. Not so what is about a person, which an
API key is not: ${ofPersons.map(code).join(' and ')} are refused to a key with FORBIDDEN at the top of the answer,
and the whole \`viewer\` around them is null. A key asks for \`viewer\` without them.

${table(head, rowsOf(permissionNames.filter((name) => /^[A-Z]/.test(name))))}
`;

const ofPersons = permissionNames.filter((name) => name.startsWith('Viewer.') && permissionOf(name).scope === null);

const head = ['Name', 'Least role', 'Admin of the deployment', 'Scope of an API key', 'Rate'];

const leasts = {
  OWNER: 'owner',
  ADMIN: 'admin',
  EDITOR: 'editor',
  VIEWER: 'viewer',
  PERSON: 'none: about the caller',
  DEPLOYMENT: 'none',
} as const;

const rowsOf = (names: readonly PermissionName[]): string[][] =>
  names.map((name) => {
    const { least, deployment, scope, rate } = permissionOf(name);
    const admin = deployment || least === 'DEPLOYMENT' ? 'may' : '';
    return [code(name), leasts[least], admin, scope ?? 'none: persons only', rate ?? ''];
  });
