/** The pages that are measured: what our clients ask for them, by the global id of what they show. */
export const pages = {
  dashboard: `query Dashboard($id: ID!) {
    workspace(by: { id: $id }) {
      name
      uploads(first: 20) {
        totalCount
        pageInfo { hasNextPage }
        nodes {
          id title status createdAt media { durationMs }
          transcript { id language wordCount }
          clips(first: 5) { nodes { id title range { startMs endMs } createdAt } }
          contents(first: 4) { nodes { id kind language createdAt current { id number } } }
        }
      }
    }
  }`,
  upload: `query UploadPage($id: ID!) {
    node(id: $id) {
      ... on Upload {
        id title fileName status createdAt
        media { durationMs }
        file { contentType sizeBytes sha256 }
        createdBy { displayName }
        transcript { id language wordCount revision segments(first: 10) { nodes { startMs endMs text } } }
        highlights(first: 10) { nodes { id title summary importance topics quote range { startMs endMs } } }
        clips(first: 20) {
          totalCount
          nodes {
            id title origin revision range { startMs endMs }
            renditions { id preset captionStyle file { contentType sizeBytes } }
          }
        }
        contents(first: 20) { nodes { id kind language current { id number createdAt } } }
      }
    }
  }`,
  run: `query RunPage($id: ID!) {
    node(id: $id) {
      ... on Run {
        id status progress createdAt startedAt finishedAt
        createdBy { displayName }
        upload { id title media { durationMs } }
        stageRuns { id subject status progress attempt maxAttempts startedAt finishedAt }
      }
    }
  }`,
} as const;

export type Page = keyof typeof pages;

/** The same for PostGraphile, by the id of the row. */
export const peerPages: Record<Page, string> = {
  dashboard: `query Dashboard($id: UUID!) {
    workspace: workspaceByRowId(rowId: $id) {
      name
      uploads: uploadsByWorkspaceId(first: 20, orderBy: [CREATED_AT_DESC]) {
        totalCount
        pageInfo { hasNextPage }
        nodes {
          rowId title status createdAt
          file: artifactByWorkspaceIdAndSourceArtifactId { media }
          transcripts: transcriptsByWorkspaceIdAndUploadId(first: 1) {
            nodes { rowId language wordCount }
          }
          clips: clipsByWorkspaceIdAndUploadId(first: 5, orderBy: [CREATED_AT_ASC]) {
            nodes { rowId title startMs endMs createdAt }
          }
          contents: contentsByWorkspaceIdAndUploadId(first: 4, orderBy: [CREATED_AT_ASC]) {
            nodes { rowId kind language createdAt current: contentVersionByWorkspaceIdAndCurrentVersionId { rowId number } }
          }
        }
      }
    }
  }`,
  upload: `query UploadPage($id: UUID!) {
    node: uploadByRowId(rowId: $id) {
      rowId title fileName status createdAt
      file: artifactByWorkspaceIdAndSourceArtifactId { media contentType sizeBytes sha256 }
      createdBy: userByCreatedById { displayName }
      transcripts: transcriptsByWorkspaceIdAndUploadId(first: 1) {
        nodes {
          rowId language wordCount revision
          segments: transcriptSegmentsByWorkspaceIdAndTranscriptId(first: 10, orderBy: [POSITION_ASC]) {
            nodes { startMs endMs text }
          }
        }
      }
      highlights: highlightsByWorkspaceIdAndUploadId(first: 10, orderBy: [IMPORTANCE_DESC]) {
        nodes { rowId title summary importance topics quote startMs endMs }
      }
      clips: clipsByWorkspaceIdAndUploadId(first: 20, orderBy: [CREATED_AT_ASC]) {
        totalCount
        nodes {
          rowId title origin revision startMs endMs
          renditions: renditionsByWorkspaceIdAndClipId {
            nodes { rowId preset captionStyle file: artifactByWorkspaceIdAndArtifactId { contentType sizeBytes } }
          }
        }
      }
      contents: contentsByWorkspaceIdAndUploadId(first: 20, orderBy: [CREATED_AT_ASC]) {
        nodes { rowId kind language current: contentVersionByWorkspaceIdAndCurrentVersionId { rowId number createdAt } }
      }
    }
  }`,
  run: `query RunPage($id: UUID!) {
    node: runByRowId(rowId: $id) {
      rowId status progress createdAt startedAt finishedAt
      createdBy: userByCreatedById { displayName }
      upload: uploadByWorkspaceIdAndUploadId { rowId title file: artifactByWorkspaceIdAndSourceArtifactId { media } }
      stageRuns: stageRunsByWorkspaceIdAndRunId(orderBy: [PRIMARY_KEY_ASC]) {
        nodes { rowId subject status progress attempt maxAttempts startedAt finishedAt }
      }
    }
  }`,
};
