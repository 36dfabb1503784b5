-- name: known_comments
-- Which of these are stored: comments.
SELECT DISTINCT CAST(t.id AS VARCHAR) FROM comments AS t WHERE t.id IN (SELECT weft_each_id($ids));

-- name: load_comments
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM comments AS t
WHERE t.id IN (SELECT weft_each_id($ids));
