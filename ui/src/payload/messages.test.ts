import { expect, test } from "vitest";

import { findMessages, preview } from "./messages";

test.each([
  ["a list of messages", [{ role: "user", content: "hi" }]],
  ["a request", { model: "m", messages: [{ role: "user", content: "hi" }] }],
  ["a completion", { choices: [{ message: { role: "user", content: "hi" } }] }],
  ["LangChain", { messages: [{ type: "human", content: "hi" }] }],
  ["LangChain's batch", [[{ type: "human", content: [{ type: "text", text: "hi" }] }]]],
  ["one under a key", { input: [{ role: "user", content: "hi" }] }],
])("%s is a conversation", (_, payload) => {
  expect(findMessages(payload)).toEqual([{ role: "user", name: undefined, parts: [{ type: "text", text: "hi" }] }]);
});

test("a call of a tool shows its arguments", () => {
  const message = { role: "assistant", content: null, tool_calls: [{ function: { name: "add", arguments: '{"a":1}' } }] };
  expect(findMessages([message])?.[0]?.parts).toEqual([{ type: "call", text: "add", value: { a: 1 } }]);
});

test.each([{ a: 1 }, "text", 3, null, [], [1, 2], { role: "user" }, [{ role: "weird", content: "x" }]])(
  "%j is none",
  (payload) => {
    expect(findMessages(payload)).toBeNull();
  },
);

test("the preview is what was said", () => {
  expect(preview({ messages: [{ role: "user", content: "a\n b" }] })).toBe("a b");
  expect(preview({ question: "why?" })).toBe("why?");
  expect(preview({ a: 1, b: [2] })).toBe('{"a":1,"b":[2]}');
  expect(preview("x".repeat(5_000_000))).toHaveLength(200);
});
