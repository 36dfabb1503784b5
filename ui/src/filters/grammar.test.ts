import { expect, test } from "vitest";

import { complete } from "./completion";
import { parse, print } from "./grammar";

const ROUND_TRIPS = [
  'name contains "refund"',
  "duration > 2000",
  'tags = "a AND b"',
  'feedback_scores."my score" >= 0.5',
  'metadata.model.version = "3 b"',
  "error_info is_not_empty",
  'environment in ("dev", "prod")',
  'name = "say \\"hi\\"" AND duration > 1 AND free text',
  'not (name = "a" or error is not empty)',
];

test.each(ROUND_TRIPS)("%s reads as it prints", (text) => {
  expect(print(parse("traces", text))).toBe(text);
});

test.each([
  ["refund", "refund"],
  ["name of the rose", "name of the rose"],
  ['"name = x"', "name = x"],
  ["what is input", "what is input"],
  ["refund or exchange", "refund or exchange"],
  ["not found (404)", "not found (404)"],
  ["error in payment", "error in payment"],
])("%s is searched for", (text, search) => {
  expect(parse("traces", text)).toEqual({ filters: [], search, query: "" });
});

test("input.question looks into the input", () => {
  const [filter] = parse("traces", "input.question contains weather").filters;
  expect(filter).toEqual({ field: "input_json", key: "question", operator: "contains", value: "weather" });
});

test.each([
  'name = "a" or name = "b"',
  "duration > 5 OR ttft > 1",
  'not tags = "test"',
  'duration > 5 and not(tags = "a" or feedback_scores."my score" < 0.5)',
  'any span (type = "tool" and error is not empty)',
  "error is not empty",
  'tags in ("a", "b")',
  'environment not in ("dev")',
  'name starts with "a"',
  'name = "say ""hi"""',
])("%s is the server's to read", (query) => {
  expect(parse("traces", query)).toEqual({ filters: [], search: "", query });
});

test.each(["duration contains 5", "duration >", 'name = "open', "feedback_scores > 1"])(
  "%s is the server's to refuse",
  (query) => {
    expect(parse("traces", query)).toEqual({ filters: [], search: "", query });
  },
);

test.each(["name = this or that", 'name = "a = b or c = d"'])("%s is one condition", (text) => {
  expect(parse("traces", text).filters).toHaveLength(1);
});

test("fields, operators and values are completed in turn", () => {
  const labels = (text: string, known = {}) => complete("traces", text, text.length, known).map((found) => found.label);
  expect(labels("dur")).toContain("duration");
  expect(labels("tags ")).toContain("contains");
  expect(labels('tags = "pr', { tags: ["prod", "dev"] })).toEqual(["prod"]);
  expect(labels("duration > 5 AND environ")).toEqual(["environment"]);
  expect(labels("feedback_scores", { "feedback_scores.*": ["quality"] })).toContain("feedback_scores.quality");
  expect(labels("metadata.te", { "metadata.*": ["tenant"] })).toEqual(["metadata.tenant"]);
  expect(labels("metadata.tenant = ", { "metadata.tenant": ["a", "b"] })).toEqual(["a", "b"]);
  expect(labels("source = ")).toContain("playground");
});

test("the words of queries are completed where they may stand", () => {
  const labels = (text: string) => complete("traces", text, text.length, {}).map((found) => found.label);
  expect(labels("")).toEqual(expect.arrayContaining(["NOT", "any span ("]));
  expect(labels("tags i")).toEqual(expect.arrayContaining(["in", "not_in"]));
  expect(labels('tags = "a" o')).toEqual(["OR"]);
  expect(labels("error_info is_empty ")).toEqual(["AND", "OR"]);
  expect(labels('not (tags = "a" or environ')).toEqual(["environment"]);
  expect(labels('any span (type = "tool" and mod')).toEqual(["model"]);
  expect(labels('any span (type = "tool") and mod')).toEqual([]);
});

test("a completion replaces the word at the caret", () => {
  const text = "(duration > 5 or environ";
  expect(complete("traces", text, text.length, {})[0]).toMatchObject({ insert: "environment ", start: 17, end: 24 });
});
