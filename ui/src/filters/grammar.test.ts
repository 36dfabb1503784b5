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
];

test.each(ROUND_TRIPS)("%s reads as it prints", (text) => {
  expect(print(parse("traces", text))).toBe(text);
});

test.each([
  ["refund", "refund"],
  ["name of the rose", "name of the rose"],
  ['"name = x"', "name = x"],
  ["what is input", "what is input"],
])("%s is searched for", (text, search) => {
  expect(parse("traces", text)).toEqual({ filters: [], search });
});

test("input.question looks into the input", () => {
  const [filter] = parse("traces", "input.question contains weather").filters;
  expect(filter).toEqual({ field: "input_json", key: "question", operator: "contains", value: "weather" });
});

test.each(["duration contains 5", "duration >", 'name = "open', "feedback_scores > 1"])("%s is refused", (text) => {
  expect(() => parse("traces", text)).toThrow();
});

test("fields, operators and values are completed in turn", () => {
  const labels = (text: string, known = {}) => complete("traces", text, text.length, known).map((found) => found.label);
  expect(labels("dur")).toContain("duration");
  expect(labels("tags ")).toContain("contains");
  expect(labels('tags = "pr', { tags: ["prod", "dev"] })).toEqual(["prod"]);
  expect(labels("duration > 5 AND environ")).toEqual(["environment"]);
  expect(labels("feedback_scores", { "feedback_scores.*": ["quality"] })).toContain("feedback_scores.quality");
});
