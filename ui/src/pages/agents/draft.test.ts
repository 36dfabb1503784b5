import { expect, test } from "vitest";

import { changesOf, complaintOf, conflictsOf, rebase, remove, rename, startDraft, write, writesOf } from "./draft";

const draft = startDraft("c1", { "a.md": "A", "b.md": "B" });

test("what was written back as it was is no change", () => {
  expect(changesOf(write(write(draft, "a.md", "x"), "a.md", "A")).size).toBe(0);
});

test("a renamed file goes in one place and comes in another", () => {
  expect(writesOf(rename(draft, "a.md", "c.md"))).toEqual({ "a.md": null, "c.md": "A" });
});

test("edits are made again on a newer commit, and what both changed is named", () => {
  const edited = remove(write(draft, "a.md", "mine"), "b.md");
  const newer = { "a.md": "theirs", "b.md": "B", "d.md": "D" };
  expect(conflictsOf(edited, newer)).toEqual(["a.md"]);
  expect(rebase(edited, "c2", newer)).toEqual({ parent: "c2", base: newer, files: { "a.md": "mine", "d.md": "D" } });
});

test.each(["", "/a", "../a", "a//b", "a.md"])("%j is refused", (path) => {
  expect(complaintOf(path, (taken) => taken === "a.md")).not.toBeNull();
});
