import { expect, test } from "vitest";

import { flatten, growTree, periodOf, placeOf, type SpanLike } from "./layout";

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();

function span(id: string, parent: string | null, start = 0, end = start + 10): SpanLike {
  return { id, parent_span_id: parent, name: id, start_time: at(start), end_time: at(end) };
}

const ids = (rows: { span: SpanLike }[]) => rows.map((row) => row.span.id);

test("children are in the order of their starts below their parent", () => {
  const roots = growTree([span("late", "root", 20), span("root", null), span("early", "root", 5)]);
  expect(flatten(roots, new Set()).map((row) => [row.span.id, row.depth])).toEqual([
    ["root", 0],
    ["early", 1],
    ["late", 1],
  ]);
  expect(roots[0]?.descendants).toBe(2);
});

test("a span whose parent is missing is a root", () => {
  expect(ids(growTree([span("orphan", "nobody")]))).toEqual(["orphan"]);
});

test("circles are cut, and nothing is lost", () => {
  const roots = growTree([span("a", "b"), span("b", "a"), span("self", "self"), span("ok", null)]);
  expect(ids(flatten(roots, new Set())).sort()).toEqual(["a", "b", "ok", "self"]);
});

test("what is collapsed hides what is below it", () => {
  const roots = growTree([span("root", null), span("child", "root"), span("other", null, 1)]);
  expect(ids(flatten(roots, new Set(["root"])))).toEqual(["root", "other"]);
});

test("what is found brings its ancestors along", () => {
  const roots = growTree([span("root", null), span("child", "root"), span("other", "root")]);
  expect(ids(flatten(roots, new Set(["root"]), (each) => each.id === "child"))).toEqual(["root", "child"]);
});

test("places are in percent of the whole time", () => {
  const roots = growTree([span("root", null, 0, 100), span("child", "root", 25, 75)]);
  const period = periodOf(roots, span("trace", null, 0, 100), 0);
  expect(placeOf(roots[0]!.children[0]!, period)).toEqual({ left: 25, width: 50 });
});

test("30,000 deep spans do not overflow the stack", () => {
  const spans = Array.from({ length: 30_000 }, (_, n) => span(`s${n}`, n ? `s${n - 1}` : null));
  expect(flatten(growTree(spans), new Set())).toHaveLength(30_000);
});
