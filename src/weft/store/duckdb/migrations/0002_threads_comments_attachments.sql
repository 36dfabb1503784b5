-- Threads, comments, attachments and guardrail results.

CREATE TABLE threads (
    workspace_id VARCHAR NOT NULL,
    project_id UUID NOT NULL,
    thread_id VARCHAR NOT NULL,
    id UUID NOT NULL,
    closed BOOLEAN NOT NULL DEFAULT false,
    active_at BIGINT NOT NULL DEFAULT 0,
    tags VARCHAR[] NOT NULL DEFAULT [],
    source VARCHAR,
    environment VARCHAR,
    created_at BIGINT NOT NULL DEFAULT 0,
    created_by VARCHAR NOT NULL DEFAULT '',
    last_updated_at BIGINT NOT NULL DEFAULT 0,
    last_updated_by VARCHAR NOT NULL DEFAULT ''
);

-- Traces of before this migration have their threads too.
INSERT INTO threads
SELECT workspace_id, project_id, thread_id, min(id), false, max(last_updated_at), [],
       arg_min(source, id), arg_min(environment, id),
       min(created_at), arg_min(created_by, id), max(last_updated_at), arg_max(last_updated_by, last_updated_at)
FROM traces
WHERE thread_id IS NOT NULL
GROUP BY workspace_id, project_id, thread_id;

CREATE TABLE comments (
    workspace_id VARCHAR NOT NULL,
    project_id UUID NOT NULL,
    entity_type VARCHAR NOT NULL,
    entity_id UUID NOT NULL,
    id UUID NOT NULL,
    text VARCHAR NOT NULL DEFAULT '',
    source_queue_id VARCHAR NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL DEFAULT 0,
    created_by VARCHAR NOT NULL DEFAULT '',
    last_updated_at BIGINT NOT NULL DEFAULT 0,
    last_updated_by VARCHAR NOT NULL DEFAULT ''
);

CREATE TABLE attachments (
    workspace_id VARCHAR NOT NULL,
    project_id UUID NOT NULL,
    entity_type VARCHAR NOT NULL,
    entity_id UUID NOT NULL,
    file_name VARCHAR NOT NULL,
    mime_type VARCHAR NOT NULL DEFAULT '',
    file_size BIGINT NOT NULL DEFAULT 0,
    place VARCHAR NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL DEFAULT 0,
    created_by VARCHAR NOT NULL DEFAULT ''
);

CREATE TABLE guardrails (
    workspace_id VARCHAR NOT NULL,
    project_id UUID NOT NULL,
    entity_id UUID NOT NULL,
    secondary_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    result VARCHAR NOT NULL,
    config VARCHAR,
    details VARCHAR,
    created_at BIGINT NOT NULL DEFAULT 0,
    created_by VARCHAR NOT NULL DEFAULT ''
);
