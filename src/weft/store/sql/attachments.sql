-- name: known_attachments
-- Which of these are stored: attachments of these entities.
SELECT DISTINCT CAST(t.entity_id AS VARCHAR) FROM attachments AS t WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: load_attachments
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM attachments AS t
WHERE t.entity_id IN (SELECT weft_each_id($ids));
