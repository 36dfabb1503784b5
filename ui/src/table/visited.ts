/** The list that someone came from: to go on to the next of it, and back to it as it was. */

import type { Noun } from "../filters/language";
import type { ListSearch } from "./search";

interface Visited {
  projectId: string;
  search: ListSearch;
  /** Of the page, as URLs have them. */
  ids: readonly string[];
}

const visited: Partial<Record<Noun, Visited>> = {};

export function visit(noun: Noun, list: Visited) {
  visited[noun] = list;
}

export function lastSearch(noun: Noun, projectId: string): ListSearch {
  const list = visited[noun];
  return list?.projectId === projectId ? list.search : {};
}

export interface Place {
  before: string | undefined;
  after: string | undefined;
  /** From 1 on. */
  number: number;
  count: number;
}

/** Null for what was not on the page. */
export function placeOf(noun: Noun, id: string): Place | null {
  const ids = visited[noun]?.ids ?? [];
  const at = ids.indexOf(id);
  return at < 0 ? null : { before: ids[at - 1], after: ids[at + 1], number: at + 1, count: ids.length };
}
