-- name: find_span_ids
-- One page of a project's spans: ids and payload sizes, in order.
SELECT CAST(t.id AS VARCHAR), t.payload_bytes, {total}
FROM spans AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id) AND t.id < weft_id($before_id)
  AND {where}
ORDER BY {order}
LIMIT $limit OFFSET $offset;

-- name: count_spans
-- How many spans of a project match.
SELECT count(*)
FROM spans AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where};

-- name: get_spans
-- Whole spans of one project, in no order.
SELECT {columns}
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {where};

-- name: get_span
-- One whole span by id, from whatever project of a workspace.
SELECT {columns}
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.id = weft_id($id)
LIMIT 1;

-- name: known_spans
-- Which of these ids are stored. Most that the writer asks for are new, and this reads one column.
SELECT DISTINCT CAST(t.id AS VARCHAR) FROM spans AS t WHERE t.id IN (SELECT weft_each_id($ids));

-- name: load_spans
-- Whole spans by id, of whatever project: what the writer merges into.
SELECT {columns}
FROM spans AS t
WHERE t.id IN (SELECT weft_each_id($ids));

-- name: projects_of_spans
-- Which of these ids a workspace has, each with a project that it is in.
SELECT CAST(t.id AS VARCHAR), CAST(t.project_id AS VARCHAR)
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.id IN (SELECT weft_each_id($ids));

-- name: span_exists
-- Whether a project has a span of this source (of any, when none is given).
SELECT 1
FROM spans AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND ($source = '' OR coalesce(t.source, 'sdk') = $source)
LIMIT 1;

-- name: delete_spans_of_traces
-- The spans of these traces, in one project or (with no project given) in all of a workspace.
DELETE FROM spans
WHERE workspace_id = $workspace_id AND trace_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_project_spans
-- All spans of a project.
DELETE FROM spans WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
