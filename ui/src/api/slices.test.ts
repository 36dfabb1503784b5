import { expect, test } from "vitest";

import { inSlices } from "./slices";

const ITEMS = Array.from({ length: 2500 }, (_, number) => ({ id: String(number) }));

test("no request has more than a thousand, and each thing has its result", async () => {
  const sizes: number[] = [];
  const told: number[] = [];
  const progress = { signal: new AbortController().signal, tell: (done: number) => void told.push(done) };
  const results = await inSlices(ITEMS, progress, async (slice) => void sizes.push(slice.length));
  expect(sizes).toEqual([1000, 1000, 500]);
  expect(told).toEqual([1000, 2000, 2500]);
  expect(results.map((result) => result.id)).toEqual(ITEMS.map((item) => item.id));
});

test("what is stopped sends no more", async () => {
  const controller = new AbortController();
  const progress = { signal: controller.signal, tell: () => controller.abort() };
  expect(await inSlices(ITEMS, progress, async () => undefined)).toHaveLength(1000);
});

test("a slice that is refused fails for each, and the next is tried", async () => {
  const progress = { signal: new AbortController().signal, tell: () => undefined };
  const results = await inSlices(ITEMS, progress, async (slice) => {
    if (slice[0]?.id === "1000") throw new Error("not these");
  });
  expect(results.filter((result) => result.status === "success")).toHaveLength(1500);
  expect(results[1999]).toEqual({ id: "1999", status: "failure", message: "not these" });
});
