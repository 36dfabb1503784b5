/** Filters as text: `duration > 2000 AND tags = "prod" AND refund`. What is no condition is searched for, and what joins
 * conditions in other ways is left to the server. */

import {
  EMPTY_QUERY,
  isForFilters,
  isKeyed,
  LISTS,
  operatorsOf,
  partsOf,
  typeOf,
  WITHOUT_VALUE,
  type Filter,
  type Noun,
  type Query,
} from "./language";

interface Part {
  text: string;
  start: number;
}

const AND = /^\sand\s/i;
const AND_OR = /^\s(?:and|or)\s/i;

/** What may come before a condition. */
const OPENING = String.raw`(?:\(\s*|not\s+|not(?=\()|any\s+\w+\s*\(\s*)`;
const WORDS = String.raw`(?:not[_\s]+)?contains\b|(?:starts|ends)[_\s]+with\b|(?:not[_\s]+)?in\s*\(`;
const IS_EMPTY = String.raw`is[_\s]+(?:not[_\s]+)?empty\b`;
const CONDITION = String.raw`[a-z_](?:""|[\w.$[\]-])*(?:\s*(?:[=<>]|!=)|\s+(?:${WORDS}|${IS_EMPTY}))`;
const OPENED = new RegExp(`^\\s*${OPENING}*`, "i");

/** More than one condition, or one in a way that only the server reads. */
const BEYOND = new RegExp(
  String.raw`^${OPENING}+${CONDITION}|[\s)]or\b\s*${OPENING}*${CONDITION}|^error\s+${IS_EMPTY}$`,
  "i",
);

/** The parts of a text between its joints, each with where it starts. Quotes keep a joint inside them. */
function parts(text: string, joint: RegExp): Part[] {
  const found: Part[] = [];
  let start = 0;
  let quote = "";
  let joined: RegExpExecArray | null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if ((joined = joint.exec(text.slice(at, at + 5)))) {
      found.push({ text: text.slice(start, at), start });
      start = at + joined[0].length;
      at = start - 1;
    }
  }
  return [...found, { text: text.slice(start), start }];
}

export function parse(noun: Noun, text: string): Query {
  const all = parts(text, AND).map((part) => part.text.trim()).filter(Boolean);
  const read = all.map((part) => parsePart(noun, part));
  if (read.includes(null)) return { ...EMPTY_QUERY, query: text.trim() };
  const searched = read.filter((part) => typeof part === "string");
  const filters = read.filter((part) => part !== null && typeof part !== "string");
  return { ...EMPTY_QUERY, filters, search: searched.join(" ") };
}

/** The condition that a text ends in. */
export function lastCondition(text: string): Part {
  const last = parts(text, AND_OR).at(-1)!;
  const opened = OPENED.exec(last.text)?.[0].length ?? 0;
  return { text: last.text.slice(opened), start: last.start + opened };
}

/** What a condition at the end of a text is about: spans inside of `any span (`. */
export function nounAt(noun: Noun, text: string): Noun {
  const open = [noun];
  for (const [sign, part = ""] of withoutQuoted(text).matchAll(/(?:any\s+(\w+)\s*)?\(|\)/gi)) {
    const around = open.at(-1) ?? noun;
    if (sign === ")") open.pop();
    else open.push(partsOf(around)[part.toLowerCase()] ?? around);
  }
  return open.at(-1) ?? noun;
}

const HEAD = /^([a-z_]+(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s=!<>"])*)*)\s*(=|!=|>=|<=|>|<|[a-z_]+)?\s*([\s\S]*)$/i;

/** A condition, words to be searched for, or null for what only the server can read. */
function parsePart(noun: Noun, part: string): Filter | string | null {
  if (BEYOND.test(withoutQuoted(part))) return null;
  const [, head, operator, rest] = HEAD.exec(part) ?? [];
  const named = head === undefined ? null : nameAndKey(noun, head);
  if (!named || !operator) return unquoted(part);
  const { field, key } = named;
  const wanted = operator.toLowerCase();
  if (!operatorsOf(noun, field).includes(wanted)) {
    return /^[a-z_]+$/i.test(operator) && !/^(is|in|not|contains|starts|ends)/i.test(operator) ? unquoted(part) : null;
  }
  if (!isForFilters(noun, field, wanted)) return null;
  const value = valueOf(wanted, rest?.trim() ?? "");
  return value === null || (isKeyed(noun, field) && !key) ? null : { field, operator: wanted, key, value };
}

function withoutQuoted(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '""');
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

function valueOf(operator: string, rest: string): string | null {
  if (WITHOUT_VALUE.has(operator)) return rest ? null : "";
  if (!rest) return null;
  if (LISTS.has(operator)) {
    const items = rest.replace(/^\(|\)$/g, "").match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,\s]+/g) ?? [];
    return items.map(unquoted).join(",");
  }
  return /^["']/.test(rest) && unquoted(rest) === rest ? null : unquoted(rest);
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
  if (query.query) return query.query;
  const search = query.search ? [/\sand\s|^["']|[=<>]/i.test(query.search) ? quoted(query.search) : query.search] : [];
  return [...query.filters.map(printFilter), ...search].join(" AND ");
}

function printFilter({ field, operator, key, value }: Filter): string {
  const name = key ? `${field}.${/[\s=<>!]/.test(key) && !key.startsWith('"') ? quoted(key) : key}` : field;
  if (WITHOUT_VALUE.has(operator)) return `${name} ${operator}`;
  if (LISTS.has(operator)) return `${name} ${operator} (${value.split(",").map(quoted).join(", ")})`;
  return `${name} ${operator} ${/^-?[\d.]+$/.test(value) ? value : quoted(value)}`;
}
