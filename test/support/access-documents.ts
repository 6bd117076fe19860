import { graphql } from '#generated/client/gql.ts';

/** Every mutation of members and keys that names a workspace or something in it. */
export const accessDocuments = {
  addWorkspaceMember: graphql(`
    mutation TryAddWorkspaceMember($workspaceId: ID!) {
      done: addWorkspaceMember(input: { workspaceId: $workspaceId, email: "new@example.com", role: VIEWER }) {
        invitation { id } errors { code message path }
      }
    }
  `),
  setWorkspaceMemberRole: graphql(`
    mutation TrySetWorkspaceMemberRole($membershipId: ID!) {
      done: setWorkspaceMemberRole(input: { membershipId: $membershipId, role: ADMIN }) {
        membership { id } errors { code message path }
      }
    }
  `),
  removeWorkspaceMember: graphql(`
    mutation TryRemoveWorkspaceMember($membershipId: ID!) {
      done: removeWorkspaceMember(input: { membershipId: $membershipId }) {
        deletedId
        errors { code message path }
      }
    }
  `),
  createApiKey: graphql(`
    mutation TryCreateApiKey($workspaceId: ID!) {
      done: createApiKey(input: { workspaceId: $workspaceId, name: "Importer", scopes: [READ] }) {
        token
        apiKey { id } errors { code message path }
      }
    }
  `),
  revokeApiKey: graphql(`
    mutation TryRevokeApiKey($keyId: ID!) {
      done: revokeApiKey(input: { keyId: $keyId }) {
        apiKey { id } errors { code message path }
      }
    }
  `),
};
