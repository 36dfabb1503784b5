/** Filters as text: `duration > 2000 AND tags = "prod" AND refund`. What is no condition is searched for. */

import {
  EMPTY_QUERY,
  isKeyed,
  LISTS,
  operatorsOf,
  typeOf,
  WITHOUT_VALUE,
  type Filter,
  type Noun,
  type Query,
} from "./language";

export class BadFilter extends Error {}

/** The parts of a text between its ANDs, each with where it starts. Quotes keep an AND inside them. */
export function parts(text: string): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  let start = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (/^\sand\s/i.test(text.slice(at, at + 5))) {
      found.push({ text: text.slice(start, at), start });
      start = at + 5;
      at += 4;
    }
  }
  return [...found, { text: text.slice(start), start }];
}

/** Throws BadFilter. */
export function parse(noun: Noun, text: string): Query {
  if (!text.trim()) return EMPTY_QUERY;
  const read = parts(text).map((part) => part.text.trim()).filter(Boolean).map((part) => parsePart(noun, part));
  const searched = read.filter((part) => typeof part === "string");
  const filters = read.filter((part) => typeof part !== "string");
  return { filters, search: searched.join(" ") };
}

const HEAD = /^([a-z_]+(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s=!<>"])*)*)\s*(=|!=|>=|<=|>|<|[a-z_]+)?\s*([\s\S]*)$/i;

function parsePart(noun: Noun, part: string): Filter | string {
  const [, head, operator, rest] = HEAD.exec(part) ?? [];
  const named = head === undefined ? null : nameAndKey(noun, head);
  if (!named || !operator) return unquoted(part);
  const { field, key } = named;
  const wanted = operator.toLowerCase();
  if (!operatorsOf(noun, field).includes(wanted)) {
    if (/^[a-z_]+$/i.test(operator) && !/^(is|in|not|contains|starts|ends)/i.test(operator)) return unquoted(part);
    throw new BadFilter(`“${field}” takes ${operatorsOf(noun, field).join(" ")}, not “${operator}”`);
  }
  if (isKeyed(noun, field) && !key) throw new BadFilter(`Which ${field}? Write ${field}.name ${operator} …`);
  return { field, operator: wanted, key, value: valueOf(field, wanted, rest?.trim() ?? "") };
}

/** `metadata.a.b` is the key `a.b` of `metadata`; `usage.total_tokens` is a field. `input.a` looks into the input. */
export function nameAndKey(noun: Noun, head: string): { field: string; key: string } | null {
  if (typeOf(noun, head)) return { field: head, key: "" };
  const dot = head.indexOf(".");
  if (dot < 0) return null;
  const [first, rest] = [head.slice(0, dot), head.slice(dot + 1)];
  const field = isKeyed(noun, first) ? first : `${first}_json`;
  if (!isKeyed(noun, field)) return null;
  const key = field.endsWith("feedback_scores") ? unquoted(rest) : rest;
  return { field, key };
}

function valueOf(field: string, operator: string, rest: string): string {
  if (WITHOUT_VALUE.has(operator)) {
    if (rest) throw new BadFilter(`“${operator}” takes no value`);
    return "";
  }
  if (!rest) throw new BadFilter(`“${field} ${operator}” needs a value`);
  if (LISTS.has(operator)) {
    const items = rest.replace(/^\(|\)$/g, "").match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,\s]+/g) ?? [];
    return items.map(unquoted).join(",");
  }
  if (/^["']/.test(rest) && unquoted(rest) === rest) throw new BadFilter(`The quote in ${rest} is not closed`);
  return unquoted(rest);
}

function unquoted(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text) ?? /^'((?:[^'\\]|\\.)*)'$/s.exec(text);
  return quoted ? (quoted[1] ?? "").replace(/\\(.)/gs, "$1") : text;
}

export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** The text that `parse` reads as this. */
export function print(query: Query): string {
  const search = query.search ? [/\sand\s|^["']|[=<>]/i.test(query.search) ? quoted(query.search) : query.search] : [];
  return [...query.filters.map(printFilter), ...search].join(" AND ");
}

function printFilter({ field, operator, key, value }: Filter): string {
  const name = key ? `${field}.${/[\s=<>!]/.test(key) && !key.startsWith('"') ? quoted(key) : key}` : field;
  if (WITHOUT_VALUE.has(operator)) return `${name} ${operator}`;
  if (LISTS.has(operator)) return `${name} ${operator} (${value.split(",").map(quoted).join(", ")})`;
  return `${name} ${operator} ${/^-?[\d.]+$/.test(value) ? value : quoted(value)}`;
}
