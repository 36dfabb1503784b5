import { expect, test } from "vitest";

import { knownIn } from "./known";

const ROWS = [
  { id: "0190a2b4-0000-7000-8000-000000000001", name: "answer", tags: ["prod", "eu"], metadata: { model: { version: 3 } } },
  { id: "0190a2b4-0000-7000-8000-000000000002", name: "refund", tags: ["prod"], metadata: { tenant: "a", "two words": 1 } },
  { name: "answer", tags: null, metadata: "cut off", error_info: { exception_type: "TimeoutError" } },
];

test("what occurs is known, the commonest first", () => {
  expect(knownIn("traces", ROWS)).toEqual({
    name: ["answer", "refund"],
    tags: ["prod", "eu"],
    error_type: ["TimeoutError"],
    "metadata.*": ["model.version", "tenant"],
    "metadata.model.version": ["3"],
    "metadata.tenant": ["a"],
  });
});

test("long texts are not offered", () => {
  expect(knownIn("traces", [{ name: "x".repeat(101) }])).toEqual({});
});
