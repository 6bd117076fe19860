import type { Database } from '#base/database.ts';

/** How many rows there are of each kind below. */
const amounts = { workspaces: 200, uploads: 100, clips: 6, contents: 4, highlights: 5, segments: 10, stages: 8 };

const { workspaces, uploads, clips, contents, highlights, segments, stages } = amounts;

/**
 * Rows of many workspaces, written by the server itself: 200 workspaces, 20,000 uploads with a transcript and a run each,
 * 120,000 clips with a rendition each, 80,000 posts. The first workspace is the one of the bench's own user.
 */
export async function writeRows({ pool }: Database): Promise<void> {
  for (const statement of statements) await pool.query(statement);
  await pool.query('analyze');
}

const failure = `null::jsonb`;
const media = `'{"durationMs": 3600000, "container": "mp4", "bitrate": 800000,
  "video": {"codec": "h264", "width": 1280, "height": 720, "frameRate": 25, "rotation": 0, "variableFrameRate": false},
  "audio": {"codec": "aac", "sampleRate": 48000, "channels": 2, "integratedLoudness": -18.5}}'::jsonb`;

const statements = [
  `insert into workspaces (external_id, slug, name)
   select 'org_' || n, 'workspace-' || n, 'Workspace ' || n from generate_series(2, ${workspaces}) n`,
  `insert into uploads (workspace_id, title, file_name, content_type, announced_bytes, protocol, storage_key, status,
     duration_ms, created_by_id, created_at, updated_at)
   select w.id, 'Talk ' || n || ' about measuring', 'talk-' || n || '.mp4', 'video/mp4', 3500000, 'TUS',
     w.id || '/' || n, 'READY', 3600000 + n, (select id from users order by created_at limit 1),
     now() - n * interval '1 hour', now()
   from workspaces w, generate_series(1, ${uploads}) n`,
  artifacts('uploads u', { upload: 'u.id', key: `'source/' || u.id`, bucket: 'sources', media }),
  `update uploads u set source_artifact_id = a.id from artifacts a where a.artifact_key = 'source/' || u.id`,
  `insert into transcripts (workspace_id, upload_id, language, word_count, word_timing, provider, artifact_key)
   select workspace_id, id, 'en', 9000, 'MEASURED', 'captions', 'transcript/' || id from uploads`,
  `insert into transcript_segments (workspace_id, transcript_id, position, start_ms, end_ms, text, words)
   select t.workspace_id, t.id, n, n * 4000, n * 4000 + 3900, 'Sentence ' || n || ' of the talk, as it was said.',
     (select jsonb_agg(jsonb_build_array(n * 4000 + w * 300, n * 4000 + w * 300 + 250, 'word' || w))
      from generate_series(0, 12) w)
   from transcripts t, generate_series(0, ${segments - 1}) n`,
  `insert into runs (workspace_id, upload_id, recipe, status, progress, correlation_id, created_by_id, created_at,
     started_at, finished_at)
   select workspace_id, id, '{}', 'SUCCEEDED', 1, id::text, created_by_id, created_at, created_at,
     created_at + interval '5 minutes' from uploads`,
  `insert into stage_runs (workspace_id, run_id, stage, subject, status, progress, attempt, max_attempts, started_at,
     finished_at, failure, created_at)
   select r.workspace_id, r.id, (array['ingest', 'transcribe', 'highlight', 'reel', 'cut', 'cut', 'cut', 'write'])[n],
     case when n < 5 then '' else 'subject-' || n end, 'SUCCEEDED', 1, 1, 5, r.started_at, r.finished_at, ${failure},
     r.created_at + n * interval '1 second'
   from runs r, generate_series(1, ${stages}) n`,
  `insert into highlights (workspace_id, upload_id, run_id, start_ms, end_ms, title, summary, importance, topics, quote,
     signals)
   select r.workspace_id, r.upload_id, r.id, n * 100000, n * 100000 + 45000, 'Moment ' || n, 'What is said there, ' || n,
     n / 10.0, array['measuring', 'talks'], 'The exact words of it.', '{}'
   from runs r, generate_series(1, ${highlights}) n`,
  `insert into clips (workspace_id, upload_id, origin, title, start_ms, end_ms, cuts, cuts_hash, created_at)
   select workspace_id, id, 'FREE', 'Clip ' || n || ' of ' || title, n * 100000, n * 100000 + 45000,
     jsonb_build_array(jsonb_build_array(n * 100000, n * 100000 + 45000)), id || '/' || n,
     created_at + n * interval '1 minute'
   from uploads, generate_series(1, ${clips}) n`,
  artifacts('clips c', { upload: 'c.upload_id', key: `'clip/' || c.id`, bucket: 'clips', media: 'null::jsonb' }),
  `insert into renditions (workspace_id, clip_id, preset, caption_style, stage_run_id, artifact_id, revision)
   select c.workspace_id, c.id, 'LANDSCAPE_720P', 'BURNED_KARAOKE', null, a.id, 1
   from clips c join artifacts a on a.artifact_key = 'clip/' || c.id`,
  `insert into contents (workspace_id, upload_id, kind, language, created_at)
   select workspace_id, id, kind::"ContentKind", 'en', created_at + n * interval '1 minute'
   from uploads, unnest((array['BLOG', 'LINKEDIN', 'TWITTER', 'INSTAGRAM'])[:${contents}]) with ordinality k(kind, n)`,
  `insert into content_versions (workspace_id, content_id, number, origin, body, sentences)
   select workspace_id, id, 1, 'GENERATED', '{}', '[]' from contents`,
  `update contents c set current_version_id = v.id from content_versions v where v.content_id = c.id`,
];

function artifacts(of: string, row: { upload: string; key: string; bucket: string; media: string }): string {
  return `insert into artifacts (workspace_id, upload_id, artifact_key, bucket, storage_key, content_type, size_bytes,
      sha256, media)
    select workspace_id, ${row.upload}, ${row.key}, '${row.bucket}', ${row.key}, 'video/mp4', 3500000,
      md5(${row.key}) || md5(${row.key}), ${row.media} from ${of}`;
}
