/** The filter language: what can be filtered by, and how. The table is what the server tells of it (ui/describe.py). */

import type { Schemas } from "../api/client";
import language from "./language.json";

export type Noun = keyof Schemas["FilterFields"];

type Field = Schemas["FieldView"];

export interface Filter {
  field: string;
  operator: string;
  key: string;
  value: string;
}

/** What a text asks for: conditions, all of which must hold, and a text to be found anywhere; or a query (OR, NOT, …),
 * which is the server's to read. */
export interface Query {
  filters: Filter[];
  search: string;
  query: string;
}

export const EMPTY_QUERY: Query = { filters: [], search: "", query: "" };

const NOUNS = language as unknown as Schemas["FilterFields"];

const FIELDS = {
  traces: byName(NOUNS.traces.fields),
  spans: byName(NOUNS.spans.fields),
  threads: byName(NOUNS.threads.fields),
};

/** The server takes values of other types percent-encoded once more. */
const PLAIN = new Set(["string", "string_exact", "string_list", "enum"]);

/** Of other types `in` is only for queries. */
const LISTED = new Set(["enum", "enum_legacy", "string_list"]);

export const WITHOUT_VALUE = new Set(["is_empty", "is_not_empty"]);

export const LISTS = new Set(["in", "not_in"]);

function byName(fields: readonly Field[]): ReadonlyMap<string, Field> {
  return new Map(fields.map((field) => [field.name, field]));
}

export function fieldNames(noun: Noun): string[] {
  return [...FIELDS[noun].keys()];
}

export function typeOf(noun: Noun, field: string): string | undefined {
  return FIELDS[noun].get(field)?.type;
}

/** Those that a query may have. */
export function operatorsOf(noun: Noun, field: string): readonly string[] {
  return FIELDS[noun].get(field)?.operators ?? [];
}

/** Whether a filter may have an operator that a query may have. */
export function isForFilters(noun: Noun, field: string, operator: string): boolean {
  return !LISTS.has(operator) || LISTED.has(typeOf(noun, field) ?? "");
}

/** All that there can be, if that is few. */
export function valuesOf(noun: Noun, field: string): readonly string[] {
  return FIELDS[noun].get(field)?.values ?? [];
}

/** By what may stand behind `any`: what its parentheses are about. */
export function partsOf(noun: Noun): Record<string, Noun> {
  return NOUNS[noun].parts as Record<string, Noun>;
}

export function isKeyed(noun: Noun, field: string): boolean {
  return FIELDS[noun].get(field)?.keyed ?? false;
}

/** The filters as the query parameter of a list. */
export function wireFilters(noun: Noun, filters: Filter[]): string | undefined {
  return filters.length ? JSON.stringify(wireFilterList(noun, filters)) : undefined;
}

/** The filters as a property of a body. */
export function wireFilterList(noun: Noun, filters: Filter[]): Filter[] {
  return filters.map((filter) =>
    PLAIN.has(typeOf(noun, filter.field) ?? "") ? filter : { ...filter, value: encodeURIComponent(filter.value) },
  );
}
