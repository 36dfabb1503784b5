/** What may stand at the caret of a filter's text. */

import { nameAndKey, parts, quoted } from "./grammar";
import { fieldNames, isKeyed, LISTS, operatorsOf, typeOf, WITHOUT_VALUE, type Noun } from "./language";

export interface Suggestion {
  label: string;
  detail: string;
  /** Replaces the text from `start` to `end`. */
  insert: string;
  start: number;
  end: number;
}

/** By field, or by field with a star for its keys (`feedback_scores.*`): what is known to occur. */
export type Known = Record<string, readonly string[] | undefined>;

const MOST = 12;

const MEANINGS: Record<string, string> = {
  string: "text",
  string_exact: "text, case counts",
  date_time: "time",
  number: "number",
  feedback_scores_number: "score",
  dictionary: "inside JSON",
  custom: "inside JSON",
  list: "list",
  enum: "one of few",
  enum_legacy: "one of few",
  error_container: "there or not",
};

const UNITS: Record<string, string> = { duration: "ms", ttft: "ms", total_estimated_cost: "USD" };

export function complete(noun: Noun, text: string, caret: number, known: Known): Suggestion[] {
  const before = text.slice(0, caret);
  const part = parts(before).at(-1) ?? { text: before, start: 0 };
  const start = part.start + (part.text.length - part.text.trimStart().length);
  const words = /^(\S*)(?:(\s+)(\S*)(?:(\s+)([\s\S]*))?)?$/.exec(part.text.trimStart());
  if (!words) return [];
  const [, head = "", gap, operator = "", gap2, value = ""] = words;
  if (gap === undefined) return suggestFields(noun, head, start, caret, known);
  const named = nameAndKey(noun, head);
  if (!named) return [];
  if (gap2 === undefined) return suggestOperators(noun, named.field, operator, start + head.length + gap.length, caret);
  const at = start + head.length + gap.length + operator.length + gap2.length;
  return suggestValues(named.field, operator, value, at, caret, known);
}

function suggestFields(noun: Noun, typed: string, start: number, end: number, known: Known): Suggestion[] {
  const names = fieldNames(noun).flatMap((name) => {
    const keys = known[`${name}.*`] ?? [];
    return isKeyed(noun, name) ? [...keys.map((key) => `${name}.${/\s/.test(key) ? quoted(key) : key}`), name] : [name];
  });
  return ranked(names, typed).map((name) => {
    const field = nameAndKey(noun, name)?.field ?? name;
    const open = isKeyed(noun, name);
    const detail = UNITS[field] ?? MEANINGS[typeOf(noun, field) ?? ""] ?? "";
    return { label: open ? `${name}.…` : name, detail, insert: open ? `${name}.` : `${name} `, start, end };
  });
}

function suggestOperators(noun: Noun, field: string, typed: string, start: number, end: number): Suggestion[] {
  return ranked(operatorsOf(noun, field), typed).map((operator) => ({
    label: operator,
    detail: "",
    insert: WITHOUT_VALUE.has(operator) ? operator : `${operator} `,
    start,
    end,
  }));
}

function suggestValues(field: string, operator: string, typed: string, start: number, end: number, known: Known) {
  if (WITHOUT_VALUE.has(operator)) return [];
  const list = LISTS.has(operator);
  return ranked(known[field] ?? [], typed.replace(/^[("']+/, "")).map((value) => ({
    label: value,
    detail: "",
    insert: list ? `(${quoted(value)})` : quoted(value),
    start,
    end,
  }));
}

/** Those that have what is typed, those that begin with it first. Nothing if it is one of them already. */
function ranked(names: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const found = names.filter((name) => name.toLowerCase().includes(wanted));
  if (found.length === 1 && found[0] === typed) return [];
  const first = found.filter((name) => name.toLowerCase().startsWith(wanted));
  return [...first, ...found.filter((name) => !first.includes(name))].slice(0, MOST);
}
