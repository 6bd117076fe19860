import type { Page } from './graph-pages.ts';

const clips = (of: string, columns: string, limit: number): string =>
  `(select json_build_object('nodes', coalesce(json_agg(json_build_object(${columns})), '[]'::json))
    from (select * from clips where upload_id = ${of}.id order by created_at, id limit ${limit}) c)`;

const range = (of: string): string => `'range', json_build_object('startMs', ${of}.start_ms, 'endMs', ${of}.end_ms)`;

const contents = (columns: string, limit: number): string =>
  `(select json_build_object('nodes', coalesce(json_agg(json_build_object(${columns}) order by c.created_at, c.id), '[]'::json))
    from (select * from contents where upload_id = u.id order by created_at, id limit ${limit}) c
    left join content_versions v on v.id = c.current_version_id)`;

/** What a careful person would write by hand for each page: one statement whose answer is passed on as it is. */
export const statements: Record<Page, string> = {
  dashboard: `select json_build_object('data', json_build_object('workspace', json_build_object(
      'name', w.name,
      'uploads', (select json_build_object(
          'totalCount', (select count(*) from uploads n where n.workspace_id = w.id),
          'pageInfo', json_build_object('hasNextPage', count(*) > 20),
          'nodes', json_agg(u.node) filter (where u.at <= 20))
        from (select row_number() over () as at, json_build_object(
            'id', u.id, 'title', u.title, 'status', u.status, 'createdAt', u.created_at,
            'media', (select json_build_object('durationMs', a.media->'durationMs') from artifacts a where a.id = u.source_artifact_id),
            'transcript', (select json_build_object('id', t.id, 'language', t.language, 'wordCount', t.word_count)
               from transcripts t where t.upload_id = u.id and not t.is_translation limit 1),
            'clips', ${clips('u', `'id', c.id, 'title', c.title, ${range('c')}, 'createdAt', c.created_at`, 5)},
            'contents', ${contents(
              `'id', c.id, 'kind', c.kind, 'language', c.language, 'createdAt', c.created_at,
               'current', json_build_object('id', v.id, 'number', v.number)`,
              4,
            )}) as node
          from (select * from uploads where workspace_id = w.id order by created_at desc, id desc limit 21) u) u)
    )))::text as body from workspaces w where w.id = $1`,
  upload: `select json_build_object('data', json_build_object('node', json_build_object(
      'id', u.id, 'title', u.title, 'fileName', u.file_name, 'status', u.status, 'createdAt', u.created_at,
      'media', json_build_object('durationMs', a.media->'durationMs'),
      'file', json_build_object('contentType', a.content_type, 'sizeBytes', a.size_bytes, 'sha256', a.sha256),
      'createdBy', (select json_build_object('displayName', p.display_name) from users p where p.id = u.created_by_id),
      'transcript', (select json_build_object('id', t.id, 'language', t.language, 'wordCount', t.word_count, 'revision', t.revision,
          'segments', (select json_build_object('nodes', json_agg(json_build_object('startMs', s.start_ms, 'endMs', s.end_ms, 'text', s.text)))
            from (select * from transcript_segments where transcript_id = t.id order by position limit 10) s))
        from transcripts t where t.upload_id = u.id and not t.is_translation limit 1),
      'highlights', (select json_build_object('nodes', json_agg(json_build_object('id', h.id, 'title', h.title,
          'summary', h.summary, 'importance', h.importance, 'topics', h.topics, 'quote', h.quote, ${range('h')})))
        from (select * from highlights where upload_id = u.id order by importance desc, id limit 10) h),
      'clips', (select json_build_object('totalCount', (select count(*) from clips n where n.upload_id = u.id),
          'nodes', json_agg(json_build_object('id', c.id, 'title', c.title, 'origin', c.origin, 'revision', c.revision, ${range('c')},
            'renditions', (select json_agg(json_build_object('id', r.id, 'preset', r.preset, 'captionStyle', r.caption_style,
                'file', json_build_object('contentType', f.content_type, 'sizeBytes', f.size_bytes)))
              from renditions r left join artifacts f on f.id = r.artifact_id where r.clip_id = c.id))))
        from (select * from clips where upload_id = u.id order by created_at, id limit 20) c),
      'contents', ${contents(
        `'id', c.id, 'kind', c.kind, 'language', c.language,
         'current', json_build_object('id', v.id, 'number', v.number, 'createdAt', v.created_at)`,
        20,
      )}
    )))::text as body from uploads u left join artifacts a on a.id = u.source_artifact_id where u.id = $1`,
  run: `select json_build_object('data', json_build_object('node', json_build_object(
      'id', r.id, 'status', r.status, 'progress', r.progress, 'createdAt', r.created_at, 'startedAt', r.started_at,
      'finishedAt', r.finished_at,
      'createdBy', (select json_build_object('displayName', p.display_name) from users p where p.id = r.created_by_id),
      'upload', (select json_build_object('id', u.id, 'title', u.title, 'media', json_build_object('durationMs', a.media->'durationMs'))
        from uploads u left join artifacts a on a.id = u.source_artifact_id where u.id = r.upload_id),
      'stageRuns', (select json_agg(json_build_object('id', s.id, 'subject', nullif(s.subject, ''), 'status', s.status,
          'progress', s.progress, 'attempt', s.attempt, 'maxAttempts', s.max_attempts, 'startedAt', s.started_at,
          'finishedAt', s.finished_at) order by s.created_at, s.id)
        from stage_runs s where s.run_id = r.id)
    )))::text as body from runs r where r.id = $1`,
};
