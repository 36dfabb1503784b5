-- name: known_guardrails
-- Which of these are stored: guardrail results of these traces.
SELECT DISTINCT CAST(t.entity_id AS VARCHAR) FROM guardrails AS t WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: load_guardrails
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM guardrails AS t
WHERE t.entity_id IN (SELECT weft_each_id($ids));
