-- name: load_threads
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM threads AS t
WHERE t.thread_id IN (SELECT weft_each($ids));

-- name: find_thread_ids
-- One page of a project's threads that have traces: ids and payload sizes, in order.
SELECT CAST(t.id AS VARCHAR), 2 * r.payload_bytes, {total}
FROM threads AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.id < weft_id($before_id)
  AND {where}
ORDER BY {order}
LIMIT $limit OFFSET $offset;

-- name: count_threads
-- How many threads of a project match.
SELECT count(*)
FROM threads AS t
{joins}
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND {where};

-- name: join_thread_totals
-- Joined always: what the selected traces of a thread add up to. A thread without any is not there.
JOIN (
    SELECT q.thread_id AS thread_id,
           count(*) AS trace_count,
           min(nullif(q.start_time, 0)) AS start_time,
           max(q.end_time) AS end_time,
           max(q.payload_bytes) AS payload_bytes,
           count(q.error_info) AS error_count
    FROM traces AS q
    WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
      AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IS NOT NULL AND {traces}
    GROUP BY q.thread_id
) AS r ON r.thread_id = t.thread_id;

-- name: join_thread_messages
-- Joined where a filter needs the messages.
LEFT JOIN (
    SELECT q.thread_id AS thread_id,
           weft_first(q.input, q.start_time, q.id) AS first_message,
           weft_last(q.output, q.end_time, q.id) AS last_message
    FROM traces AS q
    WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
      AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IS NOT NULL AND {traces}
    GROUP BY q.thread_id
) AS m ON m.thread_id = t.thread_id;

-- name: join_thread_spans
-- Joined where a filter or the order needs what the spans of a thread's traces add up to.
LEFT JOIN (
    SELECT q.thread_id AS thread_id,
           sum(p.total_estimated_cost) AS total_estimated_cost,
           sum(weft_usage(p.usage, 'prompt_tokens')) AS prompt_tokens,
           sum(weft_usage(p.usage, 'completion_tokens')) AS completion_tokens,
           sum(weft_usage(p.usage, 'total_tokens')) AS total_tokens,
           sum(weft_usage(p.usage, $sort_key)) AS sort_usage
    FROM spans AS p
    JOIN traces AS q ON q.id = p.trace_id AND q.project_id = p.project_id
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
      AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IS NOT NULL AND {traces}
    GROUP BY q.thread_id
) AS u ON u.thread_id = t.thread_id;

-- name: get_threads
-- Whole threads of one project, in no order.
SELECT {columns}
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.id IN (SELECT weft_each_id($ids));

-- name: get_thread_totals
-- What the selected traces of these threads add up to; the messages are read as the slot for columns says.
SELECT q.thread_id, count(*), coalesce(min(nullif(q.start_time, 0)), 0), max(q.end_time),
       {columns}
FROM traces AS q
WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
  AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IN (SELECT weft_each($thread_ids))
  AND {traces}
GROUP BY q.thread_id;

-- name: get_thread_spans
-- What the spans of these threads' selected traces add up to: without a key their cost, with one that count of their
-- usage.
SELECT s.thread_id, s.counted.key, sum(CAST(s.counted.value AS DECIMAL(38, 0))), sum(s.total_estimated_cost)
FROM (
    SELECT q.thread_id AS thread_id, p.total_estimated_cost AS total_estimated_cost,
           weft_each(weft_counts(p.usage)) AS counted
    FROM spans AS p
    JOIN traces AS q ON q.id = p.trace_id AND q.project_id = p.project_id
    WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)
      AND q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
      AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IN (SELECT weft_each($thread_ids))
      AND {traces}
) AS s
GROUP BY s.thread_id, s.counted.key;

-- name: thread_model_id
-- The model id of one thread of a project.
SELECT CAST(t.id AS VARCHAR)
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND t.thread_id = $thread_id;

-- name: thread_ids_of
-- The client's own ids of threads, by their model ids.
SELECT DISTINCT t.thread_id
FROM threads AS t
WHERE t.workspace_id = $workspace_id AND t.id IN (SELECT weft_each_id($ids));

-- name: first_traces_of_threads
-- The earliest trace of each of these threads of a project that has any.
SELECT q.thread_id, CAST(min(q.id) AS VARCHAR)
FROM traces AS q
WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
  AND q.thread_id IN (SELECT weft_each($thread_ids))
GROUP BY q.thread_id;

-- name: trace_ids_of_threads
-- All traces of these threads of a project.
SELECT CAST(q.id AS VARCHAR)
FROM traces AS q
WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
  AND q.thread_id IN (SELECT weft_each($thread_ids));

-- name: delete_thread_scores
-- One thread's scores of some names; of all authors or queues where none is given.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'thread'
  AND entity_id IN (
      SELECT t.id FROM threads AS t
      WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
        AND t.thread_id IN (SELECT weft_each($thread_ids)))
  AND name IN (SELECT weft_each($names))
  AND ($author = '' OR author = $author) AND ($source_queue_id = '' OR source_queue_id = $source_queue_id);

-- name: delete_scores_of_threads
-- All scores of these threads; run before the threads are deleted.
DELETE FROM feedback_scores
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'thread'
  AND entity_id IN (
      SELECT t.id FROM threads AS t
      WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
        AND t.thread_id IN (SELECT weft_each($thread_ids)));

-- name: delete_comments_of_threads
-- All comments on these threads; run before the threads are deleted.
DELETE FROM comments
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id) AND entity_type = 'thread'
  AND entity_id IN (
      SELECT t.id FROM threads AS t
      WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
        AND t.thread_id IN (SELECT weft_each($thread_ids)));

-- name: delete_threads
-- The rows of these threads of a project.
DELETE FROM threads
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id)
  AND thread_id IN (SELECT weft_each($thread_ids));

-- name: delete_project_threads
-- All threads of a project.
DELETE FROM threads WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
