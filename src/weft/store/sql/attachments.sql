-- name: known_attachments
-- Which of these are stored: attachments of these entities.
SELECT DISTINCT CAST(t.entity_id AS VARCHAR) FROM attachments AS t WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: load_attachments
-- The whole rows, of whatever project: what the writer merges into.
SELECT {columns}
FROM attachments AS t
WHERE t.entity_id IN (SELECT weft_each_id($ids));

-- name: find_attachments
-- A page of the attachments of one entity, by name.
SELECT {columns}
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.entity_type = $entity_type AND t.entity_id = weft_id($entity_id)
ORDER BY t.file_name
LIMIT $limit OFFSET $offset;

-- name: attachments_of_project
-- The attachments of a project after the one that is named, by entity and name.
SELECT {columns}
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND (t.entity_type > $after_type
       OR (t.entity_type = $after_type
           AND (CAST(t.entity_id AS VARCHAR) > $after_id
                OR (CAST(t.entity_id AS VARCHAR) = $after_id AND t.file_name > $after_name))))
ORDER BY t.entity_type, CAST(t.entity_id AS VARCHAR), t.file_name
LIMIT $limit;

-- name: count_attachments
-- How many attachments one entity has.
SELECT count(*)
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.entity_type = $entity_type AND t.entity_id = weft_id($entity_id);

-- name: get_attachments
-- Those attachments of one entity that have these names.
SELECT {columns}
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.entity_type = $entity_type AND t.entity_id = weft_id($entity_id)
  AND t.file_name IN (SELECT weft_each($file_names));

-- name: known_places
-- Which of these places of bytes an attachment has, in whatever workspace.
SELECT t.place FROM attachments AS t WHERE t.place IN (SELECT weft_each($places));

-- name: places_of_attachments
-- Where the bytes of these attachments of one entity are.
SELECT t.place
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id)
  AND t.entity_type = $entity_type AND t.entity_id = weft_id($entity_id)
  AND t.file_name IN (SELECT weft_each($file_names));

-- name: delete_attachments
-- These attachments of one entity.
DELETE FROM attachments
WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id)
  AND entity_type = $entity_type AND entity_id = weft_id($entity_id)
  AND file_name IN (SELECT weft_each($file_names));

-- name: places_of
-- Where the bytes of all attachments of these entities are, in one project or (with no project given) in all.
SELECT t.place
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.entity_type = $entity_type
  AND t.entity_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(t.project_id AS VARCHAR) = $project_id);

-- name: delete_attachments_of
-- All attachments of these entities, in one project or (with no project given) in all of a workspace.
DELETE FROM attachments
WHERE workspace_id = $workspace_id AND entity_type = $entity_type AND entity_id IN (SELECT weft_each_id($ids))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: places_of_spans_of_traces
-- Where the bytes of all attachments of the spans of these traces are.
SELECT t.place
FROM attachments AS t
WHERE t.workspace_id = $workspace_id AND t.entity_type = 'span'
  AND t.entity_id IN (
      SELECT p.id FROM spans AS p
      WHERE p.workspace_id = $workspace_id AND p.trace_id IN (SELECT weft_each_id($ids))
        AND ($project_id = '' OR CAST(p.project_id AS VARCHAR) = $project_id))
  AND ($project_id = '' OR CAST(t.project_id AS VARCHAR) = $project_id);

-- name: delete_span_attachments_of_traces
-- All attachments of the spans of these traces; run before the spans are deleted.
DELETE FROM attachments
WHERE workspace_id = $workspace_id AND entity_type = 'span'
  AND entity_id IN (
      SELECT p.id FROM spans AS p
      WHERE p.workspace_id = $workspace_id AND p.trace_id IN (SELECT weft_each_id($ids))
        AND ($project_id = '' OR CAST(p.project_id AS VARCHAR) = $project_id))
  AND ($project_id = '' OR CAST(project_id AS VARCHAR) = $project_id);

-- name: places_of_project
-- Where the bytes of all attachments of a project are.
SELECT t.place FROM attachments AS t WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id);

-- name: delete_project_attachments
-- All attachments of a project.
DELETE FROM attachments WHERE workspace_id = $workspace_id AND project_id = weft_id($project_id);
