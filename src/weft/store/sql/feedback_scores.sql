-- name: get_scores
-- The score rows of these entities, each behind the entity that shows it and the type of its span (none here).
SELECT CAST(t.entity_id AS VARCHAR), '', {columns}
FROM feedback_scores AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = $entity_type
  AND t.entity_id IN (SELECT weft_each_id($ids));

-- name: get_span_scores_of_traces
-- The score rows of all spans of these traces, each behind the trace and the span's type.
SELECT CAST(p.trace_id AS VARCHAR), p.type, {columns}
FROM feedback_scores AS t
JOIN spans AS p ON p.id = t.entity_id AND p.project_id = t.project_id
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.entity_type = 'span'
  AND p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
  AND p.trace_id IN (SELECT weft_each_id($ids));

-- name: known_scores
-- Which of these entities have scores.
SELECT DISTINCT CAST(t.entity_id AS VARCHAR) FROM feedback_scores AS t WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: load_scores
-- The score rows of these entities, of whatever project: what the writer merges into.
SELECT {columns}
FROM feedback_scores AS t
WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: score_names
-- The distinct names of scores on one kind of entity, in a project or (with none given) in a workspace.
SELECT DISTINCT t.name
FROM feedback_scores AS t
WHERE t.workspace_id = $workspace_id AND t.entity_type = $entity_type
  AND ($project_id = '' OR CAST(t.project_id AS VARCHAR) = $project_id)
ORDER BY t.name;

-- name: span_score_names
-- The same for spans of one type.
SELECT DISTINCT t.name
FROM feedback_scores AS t
JOIN spans AS p ON p.id = t.entity_id AND p.project_id = t.project_id
WHERE t.workspace_id = $workspace_id AND t.entity_type = 'span' AND p.type = $type
  AND ($project_id = '' OR CAST(t.project_id AS VARCHAR) = $project_id)
ORDER BY t.name;

-- name: delete_score
-- One entity's scores of a name; of all authors or queues where none is given.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND entity_type = $entity_type AND entity_id = weft_id($entity_id) AND name = $name
  AND ($author = '' OR author = $author) AND ($source_queue_id = '' OR source_queue_id = $source_queue_id);

-- name: delete_scores_of
-- All scores of these entities, in one project or (with no project given) in all of a workspace.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND entity_type = $entity_type AND entity_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_span_scores_of_traces
-- All scores of the spans of these traces; run before the spans are deleted.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND entity_type = 'span'
  AND entity_id IN (
      SELECT p.id FROM spans AS p
      WHERE p.workspace_id = $workspace_id AND p.trace_id IN (SELECT weft_each_id($ids))
        AND ($project_id = '' OR CAST(p.project_id AS VARCHAR) = $project_id))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_project_scores
-- All scores of a project.
DELETE FROM feedback_scores WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
