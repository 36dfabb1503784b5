-- name: matching_traces
-- For the slot of what matches: the ids of a project's traces that match.
SELECT t.id
FROM traces AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where};

-- name: matching_spans
-- The same of spans.
SELECT t.id
FROM spans AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where};

-- name: matching_threads
-- The same of threads.
SELECT t.id
FROM threads AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {where};

-- name: spans_of_threads
-- For the slot of that name: the usage of each span that matching threads have through their selected traces.
SELECT h.id AS id, p.usage AS usage
FROM spans AS p
JOIN traces AS q ON q.id = p.trace_id AND q.project_id = p.project_id
JOIN threads AS h ON h.thread_id = q.thread_id AND h.project_id = q.project_id
WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
  AND q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
  AND h.workspace_id = $workspace_id AND h.project_id = weft_id($project_id)
  AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND {traces}
  AND length(weft_entries(p.usage)) > 0 AND h.id IN ({matching});

-- name: trace_figures
-- What the matching traces of each bucket add up to; which figures, the slot for columns says.
SELECT {bucket} AS bucket, {columns}
FROM traces AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where}
GROUP BY bucket;

-- name: trace_span_figures
-- What the spans of the matching traces of each bucket add up to.
SELECT {bucket} AS bucket, {columns}
FROM (
    SELECT p.trace_id AS id, p.type AS type
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id) AND p.trace_id IN ({matching})
) AS t
GROUP BY bucket;

-- name: trace_spending_figures
-- What the matching traces of each bucket add up to that have spans with usage or a cost: of their sums.
SELECT {bucket} AS bucket, {columns}
FROM (
    SELECT p.trace_id AS id, sum(p.total_estimated_cost) AS cost{usage}
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND (length(weft_entries(p.usage)) > 0 OR p.total_estimated_cost IS NOT NULL) AND p.trace_id IN ({matching})
    GROUP BY p.trace_id
) AS t
GROUP BY bucket;

-- name: span_figures
-- The same of spans.
SELECT {bucket} AS bucket, {columns}
FROM spans AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
  AND {where}
GROUP BY bucket;

-- name: thread_figures
-- The same of threads.
SELECT {bucket} AS bucket, {columns}
FROM threads AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {where}
GROUP BY bucket;

-- name: span_spending_figures
-- What the matching spans of each bucket add up to that have usage.
SELECT {bucket} AS bucket, {columns}
FROM (
    SELECT t.id AS id{usage}
    FROM spans AS t
    {joins}
    WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
      AND t.id >= weft_id($from_id) AND t.id <= weft_id($to_id)
      AND length(weft_entries(t.usage)) > 0 AND {where}
) AS t
GROUP BY bucket;

-- name: thread_spending_figures
-- What the matching threads of each bucket add up to whose traces have spans with usage: of their sums.
SELECT {bucket} AS bucket, {columns}
FROM (
    SELECT p.id AS id{usage}
    FROM ({spans_of_threads}) AS p
    GROUP BY p.id
) AS t
GROUP BY bucket;

-- name: trace_usage_figures
-- For each bucket and key of usage, where they are too many to be columns: the sum, and how many of the matching traces
-- have the key.
SELECT {bucket} AS bucket, t.entry.key, sum(CAST(t.entry.value AS DOUBLE)), count(DISTINCT t.id)
FROM (
    SELECT p.trace_id AS id, weft_each(weft_entries(p.usage)) AS entry
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND length(weft_entries(p.usage)) > 0 AND p.trace_id IN ({matching})
) AS t
GROUP BY bucket, t.entry.key
ORDER BY t.entry.key;

-- name: span_usage_figures
-- For each bucket and key of usage: the sum, and how many of the matching spans have the key.
SELECT {bucket} AS bucket, t.entry.key, sum(CAST(t.entry.value AS DOUBLE)), count(*)
FROM (
    SELECT p.id AS id, weft_each(weft_entries(p.usage)) AS entry
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND length(weft_entries(p.usage)) > 0 AND p.id IN ({matching})
) AS t
GROUP BY bucket, t.entry.key
ORDER BY t.entry.key;

-- name: thread_usage_figures
-- For each bucket and key of usage: the sum, and how many of the matching threads have the key.
SELECT {bucket} AS bucket, t.entry.key, sum(CAST(t.entry.value AS DOUBLE)), count(DISTINCT t.id)
FROM (
    SELECT p.id AS id, weft_each(weft_entries(p.usage)) AS entry
    FROM ({spans_of_threads}) AS p
) AS t
GROUP BY bucket, t.entry.key
ORDER BY t.entry.key;

-- name: score_figures
-- For each bucket and score name: the sum of the folded scores of what matches, and how many there are.
SELECT {bucket} AS bucket, t.name, sum(t.value), count(*)
FROM (
    SELECT c.entity_id AS id, c.name AS name, round(avg(c.value), 9) AS value
    FROM feedback_scores AS c
    WHERE c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id)
      AND c.entity_type = $entity_type AND c.entity_id IN ({matching})
    GROUP BY c.entity_id, c.name
) AS t
GROUP BY bucket, t.name
ORDER BY t.name;

-- name: span_score_figures
-- For each bucket and name: the same of the scores that matching traces have through their spans.
SELECT {bucket} AS bucket, t.name, sum(t.value), count(*)
FROM (
    SELECT p.trace_id AS id, c.name AS name, round(avg(c.value), 9) AS value
    FROM feedback_scores AS c
    JOIN spans AS p ON p.id = c.entity_id AND p.project_id = c.project_id
    WHERE c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id) AND c.entity_type = 'span'
      AND p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND p.trace_id IN ({matching})
    GROUP BY p.trace_id, c.name
) AS t
GROUP BY bucket, t.name
ORDER BY t.name;

-- name: guardrail_figures
-- For each bucket: how many checks of the matching traces failed.
SELECT {bucket} AS bucket, count(*)
FROM (
    SELECT g.entity_id AS id
    FROM guardrails AS g
    WHERE g.workspace_id = $workspace_id AND g.project_id = weft_id($project_id)
      AND g.result = 'failed' AND g.entity_id IN ({matching})
) AS t
GROUP BY bucket;

-- name: usage_names
-- The keys of usage in a project.
SELECT DISTINCT e.entry.key
FROM (
    SELECT weft_each(weft_entries(p.usage)) AS entry
    FROM spans AS p
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
) AS e
ORDER BY e.entry.key;

-- name: project_score_names
-- The distinct names of scores on traces, spans and threads: of these projects, or (with none given) of a workspace.
SELECT DISTINCT t.name
FROM feedback_scores AS t
WHERE t.workspace_id = $workspace_id
  AND ($everywhere = 1 OR t.project_id IN (SELECT weft_each_id($ids)))
ORDER BY t.name;
