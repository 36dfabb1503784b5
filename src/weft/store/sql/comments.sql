-- name: known_comments
-- Which of these are stored: comments.
SELECT DISTINCT CAST(t.id AS VARCHAR) FROM comments AS t WHERE t.id IN (SELECT weft_each_id($ids));

-- name: load_comments
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM comments AS t
WHERE t.id IN (SELECT weft_each_id($ids));

-- name: get_comment
-- One comment on one trace, span or thread.
SELECT {columns}
FROM comments AS t
WHERE t.workspace_id = $workspace_id AND t.entity_type = $entity_type AND t.entity_id = weft_id($entity_id)
  AND t.id = weft_id($id)
LIMIT 1;

-- name: get_comments
-- The comments on these traces, spans or threads, oldest first.
SELECT {columns}
FROM comments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = $entity_type
  AND t.entity_id IN (SELECT weft_each_id($ids))
ORDER BY t.created_at, t.id;

-- name: rare_rows
-- What most projects have none of and this one has some of: less work than to read each of them in vain.
(SELECT 'comments' FROM comments AS t
 WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) LIMIT 1)
UNION ALL
(SELECT 'guardrails' FROM guardrails AS t
 WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) LIMIT 1)
UNION ALL
(SELECT 'trace_scores' FROM feedback_scores AS t
 WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = 'trace' LIMIT 1)
UNION ALL
(SELECT 'span_scores' FROM feedback_scores AS t
 WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = 'span' LIMIT 1)
UNION ALL
(SELECT 'thread_scores' FROM feedback_scores AS t
 WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = 'thread' LIMIT 1);

-- name: project_of_trace
-- The project of what is commented on: a trace,
SELECT CAST(t.project_id AS VARCHAR)
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.id = weft_id($id)
LIMIT 1;

-- name: project_of_span
-- a span,
SELECT CAST(t.project_id AS VARCHAR)
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.id = weft_id($id)
LIMIT 1;

-- name: project_of_thread
-- or a thread, by its thread model id.
SELECT CAST(t.project_id AS VARCHAR)
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.id = weft_id($id)
LIMIT 1;

-- name: delete_comments
-- The comments of these ids that are on one kind of entity.
DELETE FROM comments
WHERE workspace_id = $workspace_id AND entity_type = $entity_type AND id IN (SELECT weft_each_id($ids));

-- name: delete_comments_of
-- All comments on these entities, in one project or (with no project given) in all of a workspace.
DELETE FROM comments
WHERE workspace_id = $workspace_id AND entity_type = $entity_type AND entity_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_span_comments_of_traces
-- All comments on the spans of these traces; run before the spans are deleted.
DELETE FROM comments
WHERE workspace_id = $workspace_id AND entity_type = 'span'
  AND entity_id IN (
      SELECT p.id FROM spans AS p
      WHERE p.workspace_id = $workspace_id AND p.trace_id IN (SELECT weft_each_id($ids))
        AND ($project_id = '' OR CAST(p.project_id AS VARCHAR) = $project_id))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_project_comments
-- All comments of a project.
DELETE FROM comments WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
