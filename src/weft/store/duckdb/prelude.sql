-- The functions that the shared statements and the filters use, in DuckDB's words. ClickHouse's prelude has the same.

-- An id from its text.
CREATE OR REPLACE MACRO weft_id(id) AS CAST(id AS UUID);

-- Text in lower case, for comparing.
CREATE OR REPLACE MACRO weft_lower(txt) AS lower(txt);

-- Whether a text has another inside, at its start, at its end; case counts.
CREATE OR REPLACE MACRO weft_contains(txt, part) AS contains(txt, part);
CREATE OR REPLACE MACRO weft_starts_with(txt, part) AS starts_with(txt, part);
CREATE OR REPLACE MACRO weft_ends_with(txt, part) AS ends_with(txt, part);

-- Whether a list has an item, any of several items, an item with a text inside (whatever its case).
CREATE OR REPLACE MACRO weft_has(list, item) AS list_contains(list, item);
CREATE OR REPLACE MACRO weft_has_any(list, items) AS list_has_any(list, items);
CREATE OR REPLACE MACRO weft_any_contains(list, part) AS
    len(list_filter(list, lambda weft_item: contains(lower(weft_item), lower(part)))) > 0;

-- A list of no texts.
CREATE OR REPLACE MACRO weft_empty_list() AS CAST([] AS VARCHAR[]);

-- The text of a node of a JSON document: strings unquoted, '' for null, for a missing node and in a broken document.
CREATE OR REPLACE MACRO weft_json_text(doc, path) AS coalesce(TRY(json_extract_string(doc, path)), '');

-- A number from its text, NULL if it is none.
CREATE OR REPLACE MACRO weft_number(txt) AS
    CASE WHEN regexp_full_match(txt, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')
    THEN TRY_CAST(txt AS DOUBLE) END;

-- One count of a usage map, NULL if it is not there.
CREATE OR REPLACE MACRO weft_usage(usage, name) AS usage[name];

-- Milliseconds between two instants in nanoseconds.
CREATE OR REPLACE MACRO weft_duration_ms(start_ns, end_ns) AS
    CAST(CAST(end_ns AS HUGEINT) - CAST(start_ns AS HUGEINT) AS DOUBLE) / 1e6;

-- Of a group, the value (or NULL) of the row that started first or ended last, then by id. What is not known to have
-- started (0) comes last, what has not ended first.
CREATE OR REPLACE MACRO weft_first(x, started, id) AS
    arg_min_null(x, (coalesce(nullif(started, 0), 9223372036854775807), id));
CREATE OR REPLACE MACRO weft_last(x, ended, id) AS arg_max_null(x, (coalesce(ended, 0), id));

-- Of a group, the 50th, 90th and 99th percentile, between two values in proportion; no list if all are NULL.
CREATE OR REPLACE MACRO weft_percentiles(x) AS quantile_cont(x, [0.5, 0.9, 0.99]);

-- Which of the buckets of some width, from an origin on, the time inside a version 7 id is in. All in ms.
CREATE OR REPLACE MACRO weft_bucket(id, origin, width) AS (epoch_ms(uuid_extract_timestamp(id)) - origin) // width;

-- A list of ids as rows.
CREATE OR REPLACE MACRO weft_each_id(ids) AS unnest(CAST(ids AS UUID[]));

-- The elements of a list as rows.
CREATE OR REPLACE MACRO weft_each(elements) AS unnest(elements);

-- A map as a list of entries with `key` and `value`.
CREATE OR REPLACE MACRO weft_entries(map) AS map_entries(map);

-- The same, after an entry without a key that counts 1: summed up by key, how many rows there were and their counts.
CREATE OR REPLACE MACRO weft_counts(map) AS
    list_prepend({'key': CAST(NULL AS VARCHAR), 'value': CAST(1 AS BIGINT)}, map_entries(map));

-- JSON text with images in base64, as data URLs or bare, replaced by `[image]`.
CREATE OR REPLACE MACRO weft_without_images(x) AS regexp_replace(x, 'data:image/[a-zA-Z0-9.+-]{1,40};base64,[A-Za-z0-9+/=]+|(iVBORw0KGgo|/9j/|R0lGODlh|R0lGODdh|UklGR)[A-Za-z0-9+/=]{100,}', '[image]', 'g');

-- What a truncated reply shows of a payload, and one character more if it was longer than 10,001.
CREATE OR REPLACE MACRO weft_preview(x) AS substr(weft_without_images(x), 1, 10002);
