-- name: known_guardrails
-- Which of these are stored: guardrail results of these traces.
SELECT DISTINCT CAST(t.entity_id AS VARCHAR) FROM guardrails AS t WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: load_guardrails
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM guardrails AS t
WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: get_guardrails
-- The guardrail results of these traces, oldest first, those of one request by name.
SELECT {columns}
FROM guardrails AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.entity_id IN (SELECT weft_each_id($ids))
ORDER BY t.created_at, t.name, t.id;

-- name: join_guardrails
-- Joined where a filter needs whether any guardrail of a trace failed.
LEFT JOIN (
    SELECT q.entity_id AS entity_id,
           CASE WHEN sum(CASE WHEN q.result = 'failed' THEN 1 ELSE 0 END) > 0 THEN 'failed' ELSE 'passed' END AS result
    FROM guardrails AS q
    WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)
    GROUP BY q.entity_id
) AS g ON g.entity_id = t.id;

-- name: delete_guardrails_of_traces
-- All guardrail results of these traces, in one project or (with no project given) in all of a workspace.
DELETE FROM guardrails
WHERE workspace_id = $workspace_id AND entity_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: delete_project_guardrails
-- All guardrail results of a project.
DELETE FROM guardrails WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
