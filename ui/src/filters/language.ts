/** The filter language: what can be filtered by, and how. The table is the server's own (ui/describe.py). */

import language from "./language.json";

export type Noun = keyof typeof language.fields;

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

const FIELDS: Record<Noun, Record<string, string>> = language.fields;
const OPERATORS: Record<string, string[]> = language.operators;
const PARTS = language.parts as Record<Noun, Record<string, Noun>>;

/** Types whose fields have a key, e.g. the name of a score. */
const KEYED = new Set(["dictionary", "custom", "feedback_scores_number"]);

/** The server takes values of other types percent-encoded once more. */
const PLAIN = new Set(["string", "string_exact", "string_list", "enum"]);

export const WITHOUT_VALUE = new Set(["is_empty", "is_not_empty"]);

export const LISTS = new Set(["in", "not_in"]);

export function fieldNames(noun: Noun): string[] {
  return Object.keys(FIELDS[noun]);
}

export function typeOf(noun: Noun, field: string): string | undefined {
  return FIELDS[noun][field];
}

export function operatorsOf(noun: Noun, field: string): string[] {
  return OPERATORS[typeOf(noun, field) ?? ""] ?? [];
}

/** By what may stand behind `any`: what its parentheses are about. */
export function partsOf(noun: Noun): Record<string, Noun> {
  return PARTS[noun];
}

export function isKeyed(noun: Noun, field: string): boolean {
  return KEYED.has(typeOf(noun, field) ?? "");
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
