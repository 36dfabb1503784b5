-- The functions that the shared statements and the filters use, in ClickHouse's words. DuckDB's prelude has the same.

-- An id from its text.
CREATE OR REPLACE FUNCTION weft_id AS (id) -> id;

-- Text in lower case, for comparing.
CREATE OR REPLACE FUNCTION weft_lower AS (txt) -> lowerUTF8(txt);

-- Whether a text has another inside, at its start, at its end; case counts.
CREATE OR REPLACE FUNCTION weft_contains AS (txt, part) -> position(txt, part) > 0;
CREATE OR REPLACE FUNCTION weft_starts_with AS (txt, part) -> startsWith(txt, part);
CREATE OR REPLACE FUNCTION weft_ends_with AS (txt, part) -> endsWith(txt, part);

-- Whether a list has an item, any of several items, an item with a text inside (whatever its case).
CREATE OR REPLACE FUNCTION weft_has AS (list, item) -> has(list, item);
CREATE OR REPLACE FUNCTION weft_has_any AS (list, items) -> hasAny(list, items);
CREATE OR REPLACE FUNCTION weft_any_contains AS (list, part) ->
    arrayExists(weft_item -> position(lowerUTF8(weft_item), lowerUTF8(part)) > 0, list);

-- A list of no texts.
CREATE OR REPLACE FUNCTION weft_empty_list AS () -> CAST([], 'Array(String)');

-- The text of a node of a JSON document: strings unquoted, '' for null, for a missing node and in a broken document.
CREATE OR REPLACE FUNCTION weft_json_text AS (doc, path) ->
    if(JSON_VALUE(coalesce(doc, ''), path) = 'null' AND JSON_QUERY(coalesce(doc, ''), path) = '[null]',
       '', JSON_VALUE(coalesce(doc, ''), path));

-- A number from its text, NULL if it is none.
CREATE OR REPLACE FUNCTION weft_number AS (txt) ->
    if(match(txt, '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(txt), NULL);

-- One count of a usage map, NULL if it is not there.
CREATE OR REPLACE FUNCTION weft_usage AS (usage, name) -> if(mapContains(usage, name), usage[name], NULL);

-- Milliseconds between two instants in nanoseconds.
CREATE OR REPLACE FUNCTION weft_duration_ms AS (start_ns, end_ns) -> (toInt128(end_ns) - toInt128(start_ns)) / 1e6;

-- Of a group, the value (or NULL) of the row that started first or ended last, then by id. What is not known to have
-- started (0) comes last, what has not ended first.
CREATE OR REPLACE FUNCTION weft_first AS (x, started, id) ->
    tupleElement(argMin(tuple(x), (coalesce(nullif(started, 0), 9223372036854775807), id)), 1);
CREATE OR REPLACE FUNCTION weft_last AS (x, ended, id) ->
    tupleElement(argMax(tuple(x), (coalesce(ended, 0), id)), 1);

-- Of a group, the 50th, 90th and 99th percentile, between two values in proportion; no numbers if all are NULL.
CREATE OR REPLACE FUNCTION weft_percentiles AS (x) -> quantilesExactInclusive(0.5, 0.9, 0.99)(x);

-- Which of the buckets of some width, from an origin on, the time inside a version 7 id is in. All in ms.
CREATE OR REPLACE FUNCTION weft_bucket AS (id, origin, width) ->
    intDiv(toUnixTimestamp64Milli(UUIDv7ToDateTime(toUUID(id))) - origin, width);

-- A list of ids as rows.
CREATE OR REPLACE FUNCTION weft_each_id AS (ids) -> arrayJoin(ids);

-- The elements of a list as rows.
CREATE OR REPLACE FUNCTION weft_each AS (elements) -> arrayJoin(elements);

-- A map as a list of entries with `key` and `value`.
CREATE OR REPLACE FUNCTION weft_entries AS (map) -> CAST(map, 'Array(Tuple(key String, value Int64))');

-- The same, after an entry without a key that counts 1: summed up by key, how many rows there were and their counts.
CREATE OR REPLACE FUNCTION weft_counts AS (map) -> arrayConcat(
    CAST([(NULL, 1)], 'Array(Tuple(key Nullable(String), value Int64))'),
    CAST(CAST(map, 'Array(Tuple(key String, value Int64))'), 'Array(Tuple(key Nullable(String), value Int64))'));

-- JSON text with images in base64, as data URLs or bare, replaced by `[image]`.
CREATE OR REPLACE FUNCTION weft_without_images AS (x) -> replaceRegexpAll(x, 'data:image/[a-zA-Z0-9.+-]{1,40};base64,[A-Za-z0-9+/=]+|(iVBORw0KGgo|/9j/|R0lGODlh|R0lGODdh|UklGR)[A-Za-z0-9+/=]{100,}', '[image]');

-- What a truncated reply shows of a payload, and one character more if it was longer than 10,001.
CREATE OR REPLACE FUNCTION weft_preview AS (x) -> substringUTF8(weft_without_images(x), 1, 10002);
