-- name: table_stats
-- How much each table holds: rows, bytes, and rows that have come since two instants.
SELECT 'traces', count(*), coalesce(sum(t.payload_bytes), 0),
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM traces AS t
UNION ALL
SELECT 'spans', count(*), coalesce(sum(t.payload_bytes), 0),
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM spans AS t
UNION ALL
SELECT 'threads', count(*), 0,
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM threads AS t
UNION ALL
SELECT 'feedback_scores', count(*), 0,
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM feedback_scores AS t
UNION ALL
SELECT 'comments', count(*), 0,
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM comments AS t
UNION ALL
SELECT 'attachments', count(*), coalesce(sum(t.file_size), 0),
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM attachments AS t
UNION ALL
SELECT 'guardrails', count(*), 0,
       coalesce(sum(CASE WHEN t.created_at >= $hour_us THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN t.created_at >= $day_us THEN 1 ELSE 0 END), 0)
FROM guardrails AS t;
