-- name: known_threads
-- Which of these are stored: threads, by the client's own id.
SELECT DISTINCT t.thread_id FROM threads AS t WHERE t.thread_id IN (SELECT weft_each($ids));

-- name: load_threads
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM threads AS t
WHERE t.thread_id IN (SELECT weft_each($ids));
