/** What may stand at the caret of a filter's text. */

import { lastCondition, nameAndKey, nounAt, quoted } from "./grammar";
import type { Known } from "./known";
import { fieldNames, isKeyed, LISTS, operatorsOf, partsOf, typeOf, valuesOf, WITHOUT_VALUE, type Noun } from "./language";

export interface Suggestion {
  label: string;
  detail: string;
  /** Replaces the text from `start` to `end`. */
  insert: string;
  start: number;
  end: number;
}

const MOST = 50;

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
  comments: "any comment",
};

const UNITS: Record<string, string> = { duration: "ms", ttft: "ms", total_estimated_cost: "USD" };

/** What people filter by most, before anything is typed. */
const FIRST = ["name", "tags", "duration", "error_info", "feedback_scores", "metadata", "model", "type", "status"];

const JOINTS = ["AND", "OR"];

/** A value that is complete, parentheses that close, and the beginning of a word. */
const VALUE_AND_WORD = /^(?:"[^"]*"|'[^']*'|\([^()]*\)|(?:not\s+)?empty|[^\s"'()]+)\s*\)*\s+(\w*)$/i;
const WORD = /^[\s)]*(\w*)$/;

/** `known` is of the noun at the caret. */
export function complete(about: Noun, text: string, caret: number, known: Known): Suggestion[] {
  const before = text.slice(0, caret);
  const noun = nounAt(about, before);
  const { text: condition, start } = lastCondition(before);
  const words = /^(\S*)(?:(\s+)(\S*)(?:(\s+)([\s\S]*))?)?$/.exec(condition);
  if (!words) return [];
  const [, head = "", gap, operator = "", gap2, value = ""] = words;
  if (gap === undefined) return suggestFields(noun, head, start, caret, known);
  const named = nameAndKey(noun, head);
  if (!named) return [];
  if (gap2 === undefined) return suggestOperators(noun, named.field, operator, start + head.length + gap.length, caret);
  const at = start + head.length + gap.length + operator.length + gap2.length;
  const joint = (WITHOUT_VALUE.has(operator) ? WORD : VALUE_AND_WORD).exec(value)?.[1];
  return [
    ...suggestValues(valuesAt(noun, named, known), operator, value, at, caret),
    ...(joint === undefined ? [] : suggestWords(JOINTS, joint, caret)),
  ];
}

function suggestWords(words: string[], typed: string, end: number): Suggestion[] {
  return ranked(words, typed).map((word) => {
    const insert = word.endsWith("(") ? word : `${word} `;
    return { label: word, detail: "", insert, start: end - typed.length, end };
  });
}

function suggestFields(noun: Noun, typed: string, start: number, end: number, known: Known): Suggestion[] {
  const fieldsOf = [...new Set([...FIRST, ...fieldNames(noun)])].filter((name) => typeOf(noun, name));
  const names = fieldsOf.flatMap((name) => {
    const keys = known[`${name}.*`] ?? [];
    return isKeyed(noun, name) ? [...keys.map((key) => `${name}.${/\s/.test(key) ? quoted(key) : key}`), name] : [name];
  });
  const fields = ranked(names, typed).map((name) => {
    const field = nameAndKey(noun, name)?.field ?? name;
    const open = isKeyed(noun, name);
    const detail = UNITS[field] ?? MEANINGS[typeOf(noun, field) ?? ""] ?? "";
    return { label: open ? `${name}.…` : name, detail, insert: open ? `${name}.` : `${name} `, start, end };
  });
  return [...fields, ...suggestWords(["NOT", ...Object.keys(partsOf(noun)).map((part) => `any ${part} (`)], typed, end)];
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

function valuesAt(noun: Noun, { field, key }: { field: string; key: string }, known: Known): readonly string[] {
  const seen = known[key ? `${field}.${key}` : field] ?? [];
  return [...new Set([...seen, ...valuesOf(noun, field)])];
}

function suggestValues(values: readonly string[], operator: string, typed: string, start: number, end: number) {
  if (WITHOUT_VALUE.has(operator)) return [];
  const list = LISTS.has(operator);
  return ranked(values, typed.replace(/^[("']+/, "")).map((value) => ({
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
