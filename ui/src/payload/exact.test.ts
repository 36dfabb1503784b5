import { expect, test } from "vitest";

import { ExactNumber, parseExactly, parseRecords } from "./exact";
import { findMessages, preview } from "./messages";

const WRITTEN = ["9007199254740993", "1.0", "-0", "1e400", "0.1000000000000000055511151231257827", "2e3"];

test.each(WRITTEN)("%s stays as it was written", (text) => {
  expect(parseExactly(text)).toEqual(new ExactNumber(text));
  expect(JSON.stringify(parseExactly(`[{"a":${text}}]`))).toBe(`[{"a":${text}}]`);
});

test.each(["0", "12", "-1.5", "9007199254740991"])("%s is a number as ever", (text) => {
  expect(parseExactly(text)).toBe(Number(text));
});

test("of a record only the payloads are exact", () => {
  const record = '{"duration": 2.0, "input": {"id": 9007199254740993}}';
  const read = { duration: 2, input: { id: new ExactNumber("9007199254740993") } };
  expect(parseRecords(record)).toEqual(read);
  expect(parseRecords(`{"total": 1.0, "content": [${record}]}`)).toEqual({ total: 1, content: [read] });
});

test("arguments of tools and previews are exact", () => {
  const message = { role: "assistant", content: null, tool_calls: [{ function: { name: "find", arguments: '{"id": 1.0}' } }] };
  expect(findMessages([message])?.[0]?.parts[0]?.value).toEqual({ id: new ExactNumber("1.0") });
  expect(preview(parseExactly('{"a": 1.0, "b": [2]}'))).toBe('{"a":1.0,"b":[2]}');
});
