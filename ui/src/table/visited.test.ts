import { expect, test } from "vitest";

import { lastSearch, placeOf, visit } from "./visited";

test("a list is gone through and back to", () => {
  visit("traces", { projectId: "p", search: { q: "refund" }, ids: ["a", "b"] });
  expect(placeOf("traces", "a")).toEqual({ before: undefined, after: "b", number: 1, count: 2 });
  expect(placeOf("traces", "c")).toBeNull();
  expect(placeOf("threads", "a")).toBeNull();
  expect(lastSearch("traces", "p")).toEqual({ q: "refund" });
  expect(lastSearch("traces", "other")).toEqual({});
});
