import type { Plugin } from 'graphql-yoga';

/**
 * The page is one file: its scripts, styles and pictures stand in it, its workers are made of them, and it calls its own
 * origin only.
 */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What GraphiQL may load and call, in the place of what every other answer is given. */
export const graphiqlPolicy: Plugin = {
  onResponse({ response }) {
    if (response.headers.get('content-type') === 'text/html') response.headers.set('content-security-policy', policy);
  },
};

/** What GraphiQL shows first: the way from a recording to its posts, one operation a step. */
export const openingDocument = `# Offprint: one recording in, everything publishable out.
#
# Put your token into the Headers tab below:
#   { "Authorization": "Bearer <token>" }       npm run token -- --user me --workspace demo
# Run one operation at a time with the play button.

# 1 Who am I, and where?
query Me {
  viewer {
    user { displayName }
    workspaces(first: 5) { nodes { workspace { id name } role } }
  }
}

# 2 Announce a recording, then send its bytes to \`target\` (tus, or a plain PUT).
mutation CreateUpload($workspaceId: ID!) {
  createUpload(input: {
    workspaceId: $workspaceId, fileName: "talk.mp4", contentType: "video/mp4", sizeBytes: 3500000, idempotencyKey: "first"
  }) {
    upload { id target { protocol url headers { name value } metadata { name value } } }
    errors { code message path }
  }
}

# 3 The bytes are there: verify them and make everything.
mutation Finalize($uploadId: ID!) {
  finalizeUpload(input: {
    uploadId: $uploadId
    thenRun: {
      highlights: { count: 4 }
      clips: { presets: [LANDSCAPE_720P, PORTRAIT_1080P] }
      contents: [{ kind: BLOG }, { kind: LINKEDIN }, { kind: TWITTER }, { kind: INSTAGRAM }]
    }
  }) {
    run { id status eventCursor }
    errors { code message path }
  }
}

# 4 Watch it: a snapshot, then every change, then the end.
subscription Follow($runId: ID!) {
  runEvents(runId: $runId) {
    sequence
    __typename
    ... on RunSnapshotEvent { run { status progress } }
    ... on StageStatusEvent { stage subject stageStatus failure { code message } }
    ... on StageProgressEvent { stage stageProgress runProgress }
    ... on RunStatusEvent { runStatus isFinal }
  }
}

# 5 Everything that came out.
query Dashboard($workspaceId: ID!) {
  workspace(by: { id: $workspaceId }) {
    uploads(first: 10) {
      totalCount
      nodes {
        title status media { durationMs }
        transcript { language wordCount captions(format: VTT) { link { url } } }
        clips(first: 10) { nodes { title origin renditions { preset status file { link { url } } } poster { link { url } } } }
        contents { nodes { kind status current { number } } }
      }
    }
  }
}
`;
