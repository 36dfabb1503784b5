-- Blocks of a few thousand rows, in the order in which they were written, and the words of those that are full: what a
-- search need not look at (decision 0018). Rows of before are made into blocks too.

ALTER TABLE traces ADD COLUMN block BIGINT DEFAULT 0;
UPDATE traces SET block = rowid // 4096;

ALTER TABLE spans ADD COLUMN block BIGINT DEFAULT 0;
UPDATE spans SET block = rowid // 4096;

CREATE TABLE search_words (
    source VARCHAR NOT NULL,
    block BIGINT NOT NULL,
    words VARCHAR
);
