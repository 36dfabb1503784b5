/** What occurs in the latest records of a project, for completion. */

import { isJson } from "../payload/exact";
import { fieldNames, typeOf, type Noun } from "./language";

/** By field, by field with a star for its keys (`metadata.*`), and by field with a key: the commonest first. */
export type Known = Record<string, readonly string[] | undefined>;

export type Row = Record<string, unknown>;

const TEXTS = new Set(["string", "string_exact", "list", "enum", "enum_legacy"]);
const LONGEST = 100;
const DEEPEST = 3;
const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const PLAIN_KEY = /^[a-z_][\w-]*$/i;

export function knownIn(noun: Noun, rows: readonly Row[]): Known {
  const counted = new Map<string, Map<string, number>>();
  const add = (name: string, value: unknown) => {
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (typeof text !== "string" || !text || text.length > LONGEST || ID.test(text)) return;
    const values = counted.get(name) ?? new Map<string, number>();
    counted.set(name, values.set(text, (values.get(text) ?? 0) + 1));
  };
  const fields = fieldNames(noun).filter((field) => TEXTS.has(typeOf(noun, field) ?? ""));
  for (const row of rows) {
    for (const field of fields) for (const value of [row[field]].flat()) add(field, value);
    if (isJson(row["error_info"])) add("error_type", row["error_info"]["exception_type"]);
    for (const [path, value] of leaves(row["metadata"])) {
      add("metadata.*", path);
      add(`metadata.${path}`, value);
    }
  }
  return Object.fromEntries([...counted].map(([name, values]) => [name, commonest(values)]));
}

/** By path, of the keys that need no quotes. */
function* leaves(value: unknown, path: readonly string[] = []): Generator<[string, unknown]> {
  if (!isJson(value)) {
    if (path.length) yield [path.join("."), value];
  } else if (path.length < DEEPEST) {
    for (const [key, inside] of Object.entries(value)) if (PLAIN_KEY.test(key)) yield* leaves(inside, [...path, key]);
  }
}

function commonest(values: ReadonlyMap<string, number>): string[] {
  return [...values].sort(([a, some], [b, others]) => others - some || a.localeCompare(b)).map(([text]) => text);
}
