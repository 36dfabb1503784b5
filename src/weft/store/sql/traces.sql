-- name: find_trace_ids
-- One page of a project's traces: ids and payload sizes, in order.
SELECT CAST(t.id AS VARCHAR), t.payload_bytes, {total}
FROM traces AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id) AND t.id < weft_id($before_id)
  AND {where}
ORDER BY {order}
LIMIT $limit OFFSET $offset;

-- name: count_traces
-- How many traces of a project match.
SELECT count(*)
FROM traces AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where};

-- name: join_span_totals
-- Joined where a filter or the order needs what the spans of a trace add up to.
LEFT JOIN (
    SELECT p.trace_id AS trace_id,
           count(*) AS span_count,
           sum(CASE WHEN p.type = 'llm' THEN 1 ELSE 0 END) AS llm_span_count,
           sum(p.total_estimated_cost) AS total_estimated_cost,
           sum(weft_usage(p.usage, 'prompt_tokens')) AS prompt_tokens,
           sum(weft_usage(p.usage, 'completion_tokens')) AS completion_tokens,
           sum(weft_usage(p.usage, 'total_tokens')) AS total_tokens,
           sum(weft_usage(p.usage, $sort_key)) AS sort_usage
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
    GROUP BY p.trace_id
) AS s ON s.trace_id = t.id;

-- name: join_sort_score
-- Joined where the order needs the score named $sort_key.
LEFT JOIN (
    SELECT c.entity_id AS entity_id, avg(c.value) AS value
    FROM feedback_scores AS c
    WHERE c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id)
      AND c.entity_type = $entity_type AND c.name = $sort_key
    GROUP BY c.entity_id
) AS f ON f.entity_id = t.id;

-- name: get_traces
-- Whole traces of one project, in no order.
SELECT {columns}
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {where};

-- name: get_trace
-- One whole trace by id, from whatever project of a workspace.
SELECT {columns}
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.id = weft_id($id)
LIMIT 1;

-- name: known_traces
-- Which of these ids are stored. Most that the writer asks for are new, and this reads one column.
SELECT DISTINCT CAST(t.id AS VARCHAR) FROM traces AS t WHERE t.id IN (SELECT weft_each_id($ids));

-- name: load_traces
-- Whole traces by id, of whatever project: what the writer merges into.
SELECT {columns}
FROM traces AS t
WHERE t.id IN (SELECT weft_each_id($ids));

-- name: projects_of_traces
-- Which of these ids a workspace has, each with a project that it is in.
SELECT CAST(t.id AS VARCHAR), CAST(t.project_id AS VARCHAR)
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.id IN (SELECT weft_each_id($ids));

-- name: trace_exists
-- Whether a project has a trace of one of these sources (all sources when none are given), or any with a thread.
SELECT 1
FROM traces AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND ($source = '' OR coalesce(t.source, 'sdk') = $source)
  AND ($thread_only = 0 OR t.thread_id IS NOT NULL)
LIMIT 1;

-- name: last_trace_times
-- When each project of a workspace last had a trace written.
SELECT CAST(t.project_id AS VARCHAR), max(t.last_updated_at)
FROM traces AS t
WHERE t.workspace_id = $workspace_id
GROUP BY t.project_id;

-- name: trace_spans
-- Of the spans of some traces what is added up, each by itself, as far as they are few: grouping them takes DuckDB as long again.
SELECT CAST(p.project_id AS VARCHAR), CAST(p.trace_id AS VARCHAR), p.type, p.provider, p.usage,
       1, p.total_estimated_cost
FROM spans AS p
WHERE p.workspace_id = $workspace_id AND {where}
LIMIT $limit;

-- name: trace_span_totals
-- What the spans of some traces add up to, by project, trace, type, provider and usage.
SELECT CAST(p.project_id AS VARCHAR), CAST(p.trace_id AS VARCHAR), p.type, p.provider, p.usage,
       count(*), sum(p.total_estimated_cost)
FROM spans AS p
WHERE p.workspace_id = $workspace_id AND {where}
GROUP BY p.project_id, p.trace_id, p.type, p.provider, p.usage;

-- name: delete_traces
-- The traces of these ids, in one project or (with no project given) in all of a workspace.
DELETE FROM traces
WHERE workspace_id = $workspace_id AND id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_project_traces
-- All traces of a project.
DELETE FROM traces WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
