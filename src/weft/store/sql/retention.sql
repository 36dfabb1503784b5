-- name: expired_trace_ids
-- The oldest traces of a project from before an id, and what else was recorded for traces that never came.
SELECT DISTINCT CAST(e.id AS VARCHAR) AS id
FROM (
    SELECT t.id AS id FROM traces AS t
    WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.id < weft_id($before_id)
    UNION ALL
    SELECT p.trace_id AS id FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id) AND p.trace_id < weft_id($before_id)
    UNION ALL
    SELECT f.entity_id AS id FROM feedback_scores AS f
    WHERE f.workspace_id = $workspace_id AND f.project_id = weft_id($project_id) AND f.entity_type = 'trace'
      AND f.entity_id < weft_id($before_id)
    UNION ALL
    SELECT a.entity_id AS id FROM attachments AS a
    WHERE a.workspace_id = $workspace_id AND a.project_id = weft_id($project_id) AND a.entity_type = 'trace'
      AND a.entity_id < weft_id($before_id)
) AS e
ORDER BY id
LIMIT $limit;

-- name: expired_thread_ids
-- Threads of a project that have been quiet since before an instant and have no traces, for a change to delete.
SELECT t.thread_id
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.active_at < $before_us
  AND t.thread_id NOT IN (
      SELECT q.thread_id FROM traces AS q
      WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id) AND q.thread_id IS NOT NULL)
LIMIT $limit;

-- name: count_expired
-- How much of a project is of before an id and, for threads, all whose traces are, with no activity since an instant.
SELECT 'traces', count(*), coalesce(sum(t.payload_bytes), 0)
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.id < weft_id($before_id)
UNION ALL
SELECT 'spans', count(*), coalesce(sum(t.payload_bytes), 0)
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.trace_id < weft_id($before_id)
UNION ALL
SELECT 'threads', count(*), 0
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.active_at < $before_us
  AND t.thread_id NOT IN (
      SELECT q.thread_id FROM traces AS q
      WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id) AND q.thread_id IS NOT NULL
        AND q.id >= weft_id($before_id))
UNION ALL
SELECT 'scores', count(*), 0
FROM feedback_scores AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type <> 'thread'
  AND t.entity_id < weft_id($before_id)
UNION ALL
SELECT 'comments', count(*), 0
FROM comments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type <> 'thread'
  AND t.entity_id < weft_id($before_id)
UNION ALL
SELECT 'attachments', count(*), coalesce(sum(t.file_size), 0)
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_id < weft_id($before_id);

-- name: delete_scores_of_lost_spans
-- What is said in a project of spans of before an id that never came: scores.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'span'
  AND entity_id < weft_id($before_id)
  AND entity_id NOT IN (
      SELECT p.id FROM spans AS p WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id));

-- name: delete_comments_of_lost_spans
-- The same of comments.
DELETE FROM comments
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'span'
  AND entity_id < weft_id($before_id)
  AND entity_id NOT IN (
      SELECT p.id FROM spans AS p WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id));

-- name: delete_attachments_of_lost_spans
-- The same of attachments.
DELETE FROM attachments
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'span'
  AND entity_id < weft_id($before_id)
  AND entity_id NOT IN (
      SELECT p.id FROM spans AS p WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id));

-- name: places_of_lost_spans
-- Where the bytes of those attachments are.
SELECT t.place
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = 'span'
  AND t.entity_id < weft_id($before_id)
  AND t.entity_id NOT IN (
      SELECT p.id FROM spans AS p WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id));
