-- Threads, comments, attachments and guardrail results: the tables of DuckDB's second migration.

CREATE TABLE threads (
    workspace_id LowCardinality(String),
    project_id String,
    thread_id String,
    id String,
    closed Bool DEFAULT false,
    active_at Int64,
    tags Array(String),
    source Nullable(String),
    environment Nullable(String),
    created_at Int64,
    created_by String,
    last_updated_at Int64,
    last_updated_by String,
    version UInt64 DEFAULT toUnixTimestamp64Nano(now64(9)),
    INDEX by_id id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace_id, project_id, thread_id);

-- Traces of before this migration have their threads too.
INSERT INTO threads
    (workspace_id, project_id, thread_id, id, active_at, source, environment,
     created_at, created_by, last_updated_at, last_updated_by)
SELECT workspace_id, project_id, assumeNotNull(thread_id), min(id), max(last_updated_at),
       argMin(source, id), argMin(environment, id),
       min(created_at), argMin(created_by, id), max(last_updated_at), argMax(last_updated_by, last_updated_at)
FROM traces
WHERE thread_id IS NOT NULL
GROUP BY workspace_id, project_id, thread_id;

CREATE TABLE comments (
    workspace_id LowCardinality(String),
    project_id String,
    entity_type LowCardinality(String),
    entity_id String,
    id String,
    text String,
    source_queue_id String,
    created_at Int64,
    created_by String,
    last_updated_at Int64,
    last_updated_by String,
    version UInt64 DEFAULT toUnixTimestamp64Nano(now64(9)),
    INDEX by_id id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace_id, project_id, entity_type, entity_id, id);

CREATE TABLE attachments (
    workspace_id LowCardinality(String),
    project_id String,
    entity_type LowCardinality(String),
    entity_id String,
    file_name String,
    mime_type String,
    file_size Int64,
    place String,
    created_at Int64,
    created_by String,
    version UInt64 DEFAULT toUnixTimestamp64Nano(now64(9))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace_id, project_id, entity_type, entity_id, file_name);

CREATE TABLE guardrails (
    workspace_id LowCardinality(String),
    project_id String,
    entity_id String,
    secondary_id String,
    id String,
    name LowCardinality(String),
    result LowCardinality(String),
    config Nullable(String),
    details Nullable(String),
    created_at Int64,
    created_by String,
    version UInt64 DEFAULT toUnixTimestamp64Nano(now64(9))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace_id, project_id, entity_id, secondary_id, id);
