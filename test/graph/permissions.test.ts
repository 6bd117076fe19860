import { isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import type { Viewer } from '#graph/context.ts';
import { allowedTo, allows, permissionNames, permissionOf, requireRole, requireScope } from '#graph/permissions.ts';
import { schema } from '#schema.ts';

const mutationNames = Object.keys(schema.getMutationType()?.getFields() ?? {});
const rows = permissionNames.map((name): [string, string] => [name, name.split('.')[0] ?? '']);

describe('the table of permissions', () => {
  test('has a row for every mutation of the schema', () => {
    expect(permissionNames.filter((name) => !name.includes('.')).toSorted()).toEqual(mutationNames.toSorted());
  });

  test('has no row for anything that the schema does not have', () => {
    const dead = rows.filter(([name, owner]) => {
      if (!name.includes('.') || /^[a-z]/.test(owner)) return !mutationNames.includes(owner);
      const type = schema.getType(owner);
      return !isObjectType(type) || !(name.slice(owner.length + 1) in type.getFields());
    });
    expect(dead).toEqual([]);
  });

  test('leaves nothing that destroys a workspace or a person to an API key', () => {
    const persons = ['deleteWorkspace', 'deleteMe', 'exportMyData', 'setWorkspacePlan'] as const;
    expect(persons.map((name) => permissionOf(name).scope)).toEqual([null, null, null, null]);
  });
});

const viewer = (more: Partial<Viewer> = {}): Viewer => ({
  userId: 'u',
  roles: new Map([
    ['owned', 'OWNER'],
    ['edited', 'EDITOR'],
    ['read', 'VIEWER'],
  ]),
  admin: false,
  key: null,
  ...more,
});
const codeOf = (act: () => void): string => {
  try {
    act();
    return 'allowed';
  } catch (thrown) {
    return thrown instanceof Problem ? thrown.code : 'another error';
  }
};

describe('a role', () => {
  test.each([
    ['owned', 'deleteWorkspace', 'allowed'],
    ['owned', 'startRun', 'allowed'],
    ['edited', 'startRun', 'allowed'],
    ['edited', 'createWebhookEndpoint', 'FORBIDDEN'],
    ['read', 'startRun', 'FORBIDDEN'],
    ['elsewhere', 'startRun', 'NOT_FOUND'],
    ['owned', 'setWorkspacePlan', 'FORBIDDEN'],
  ] as const)('in %s and %s: %s', (workspace, name, outcome) => {
    expect(codeOf(() => requireRole(viewer(), workspace, name))).toBe(outcome);
    expect(allows(viewer(), workspace, name)).toBe(outcome === 'allowed');
  });

  test('of nobody allows nothing', () => {
    expect(allows(null, 'owned', 'startRun')).toBe(false);
    expect(allowedTo({ viewer: null }, 'Workspace.webhookEndpoints')).toEqual({ workspaceId: { in: [] } });
  });

  test('selects the workspaces in which a field may be read', () => {
    expect(allowedTo({ viewer: viewer() }, 'Workspace.webhookEndpoints')).toEqual({ workspaceId: { in: ['owned'] } });
  });
});

describe('an admin of the deployment', () => {
  const root = viewer({ admin: true, roles: new Map() });
  test.each([
    ['cancelRun', 'allowed'],
    ['setWorkspacePlan', 'allowed'],
    ['startRun', 'FORBIDDEN'],
    ['deleteWorkspace', 'FORBIDDEN'],
  ] as const)('without a role and %s: %s', (name, outcome) => {
    expect(codeOf(() => requireRole(root, 'anywhere', name))).toBe(outcome);
  });
});

describe('an API key', () => {
  const withScopes = (...scopes: NonNullable<Viewer['key']>['scopes']) => viewer({ key: { id: 'k', scopes } });
  test.each([
    [['read'], 'startRun', 'FORBIDDEN'],
    [['read', 'write'], 'startRun', 'allowed'],
    [['read', 'write'], 'createWebhookEndpoint', 'FORBIDDEN'],
    [['read', 'manage'], 'createWebhookEndpoint', 'allowed'],
    [['read', 'manage'], 'startRun', 'FORBIDDEN'],
    [['read', 'write', 'manage'], 'deleteWorkspace', 'FORBIDDEN'],
  ] as const)('with %j and %s: %s', (scopes, name, outcome) => {
    expect(codeOf(() => requireRole(withScopes(...scopes), 'owned', name))).toBe(outcome);
    expect(codeOf(() => requireScope(withScopes(...scopes), name))).toBe(outcome);
  });

  test('is refused with a sentence of its own', () => {
    expect(() => requireScope(withScopes('read'), 'startRun')).toThrow('This API key does not allow starting runs.');
  });

  test('may do no more than the role it has', () => {
    expect(codeOf(() => requireRole(withScopes('read', 'write'), 'read', 'startRun'))).toBe('FORBIDDEN');
  });
});
