/** What of a list is in the URL. */

import type { ListQuery } from "../api/queries";
import { parse } from "../filters/grammar";
import type { Noun } from "../filters/language";
import { isRange } from "../format/ranges";

export interface ListSearch {
  q?: string | undefined;
  sort?: string | undefined;
  range?: string | undefined;
  page?: number | undefined;
  size?: number | undefined;
  live?: boolean | undefined;
}

export const SIZES = [50, 100, 250, 500] as const;
export const DEFAULT_SIZE = 100;

/** The parameters of a URL, which anyone may have written. */
export type Raw = Record<string, unknown>;

export function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

export function sortOf(value: unknown): string | undefined {
  const sort = textOf(value);
  return sort && /^\S.* (asc|desc)$/.test(sort) ? sort : undefined;
}

export function rangeOf(value: unknown): string | undefined {
  const range = textOf(value);
  return range && isRange(range) ? range : undefined;
}

export function pageOf(value: unknown): number | undefined {
  const page = Number(value);
  return Number.isInteger(page) && page > 1 ? page : undefined;
}

/** Only what is not the default, so that URLs stay short. All names are there: one that is not would be kept unread. */
export function readListSearch(raw: Raw): ListSearch {
  const size = SIZES.find((known) => known === Number(raw["size"]));
  return {
    q: textOf(raw["q"]),
    sort: sortOf(raw["sort"]),
    range: rangeOf(raw["range"]),
    page: pageOf(raw["page"]),
    size: size === DEFAULT_SIZE ? undefined : size,
    live: raw["live"] === true ? true : undefined,
  };
}

/** What the server is asked for it. */
export function listQuery(noun: Noun, projectId: string, search: ListSearch): ListQuery {
  return {
    projectId,
    query: parse(noun, search.q ?? ""),
    range: search.range ?? "",
    sort: search.sort ?? "",
    page: search.page ?? 1,
    size: search.size ?? DEFAULT_SIZE,
  };
}
