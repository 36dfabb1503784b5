/** What may stand at the caret of a filter's text. */

import { lastCondition, nameAndKey, nounAt, quoted } from "./grammar";
import { fieldNames, isKeyed, LISTS, operatorsOf, partsOf, typeOf, WITHOUT_VALUE, type Noun } from "./language";

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
  comments: "any comment",
};

const UNITS: Record<string, string> = { duration: "ms", ttft: "ms", total_estimated_cost: "USD" };

const JOINTS = ["AND", "OR"];

/** A value that is complete, parentheses that close, and the beginning of a word. */
const VALUE_AND_WORD = /^(?:"[^"]*"|'[^']*'|\([^()]*\)|(?:not\s+)?empty|[^\s"'()]+)\s*\)*\s+(\w*)$/i;
const WORD = /^[\s)]*(\w*)$/;

export function complete(about: Noun, text: string, caret: number, knownAbout: Known): Suggestion[] {
  const before = text.slice(0, caret);
  const noun = nounAt(about, before);
  const known = noun === about ? knownAbout : {};
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
    ...suggestValues(named.field, operator, value, at, caret, known),
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
  const names = fieldNames(noun).flatMap((name) => {
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
  const operators = operatorsOf(noun, field);
  const lists = operators.includes("=") ? [...LISTS] : [];
  return ranked([...new Set([...operators, ...lists])], typed).map((operator) => ({
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
