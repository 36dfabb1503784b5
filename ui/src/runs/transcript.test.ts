import { expect, test } from "vitest";

import { parseEvent, type StreamEvent } from "./events";
import { after, NOTHING_SAID, subagentsOf, type Transcript } from "./transcript";

function told(...events: [name: string, data: unknown][]): Transcript {
  return events.map(([name, data]): StreamEvent => ({ id: "", name, data })).reduce(after, NOTHING_SAID);
}

const chunk = (id: string, content: string, more = {}) => [{ type: "AIMessageChunk", id, content, ...more }, {}];

test("tokens of one message become its text", () => {
  const { said } = told(["messages", chunk("a", "Good ")], ["messages", chunk("a", "morning")]);
  expect(said[""]).toMatchObject([{ id: "a", role: "assistant", text: "Good morning" }]);
});

test("pieces of a call become its arguments", () => {
  const piece = (name: string | null, args: string) => ({ tool_call_chunks: [{ name, args, id: name && "c1", index: 0 }] });
  const { said } = told(["messages", chunk("a", "", piece("add", '{"a":'))], ["messages", chunk("a", "", piece(null, "1}"))]);
  expect(said[""]?.[0]?.calls).toMatchObject([{ id: "c1", name: "add", args: { a: 1 } }]);
});

test("a state replaces what the pieces before it were", () => {
  const state = { messages: [{ type: "human", id: "h", content: "Hello" }] };
  const { said } = told(["messages", chunk("a", "Hel")], ["values", state]);
  expect(said[""]).toMatchObject([{ id: "h", role: "user", text: "Hello" }]);
});

test("a state that only tells of an interrupt leaves what was said", () => {
  const { said } = told(["messages", chunk("a", "Hi")], ["values", { __interrupt__: [] }]);
  expect(said[""]).toHaveLength(1);
});

test("subagents are found by what they were told, also twice the same", () => {
  const call = (id: string) => ({ id, name: "task", args: { description: "count" } });
  const state = { messages: [{ type: "ai", id: "a", content: "", tool_calls: [call("c1"), call("c2")] }] };
  const inner = { messages: [{ type: "human", id: "h", content: "count" }] };
  const transcript = told(["values", state], ["values|tools:1", inner], ["values|tools:2", inner]);
  expect([...subagentsOf(transcript, "")]).toEqual([
    ["c1", "tools:1"],
    ["c2", "tools:2"],
  ]);
});

test("the failure of a run is told", () => {
  expect(told(["error", { error: "ValueError", message: "no" }]).failure).toBe("ValueError: no");
});

test("an event has a name, an id and data; a comment is none", () => {
  expect(parseEvent('event: values\ndata: {"a":1}\nid: 7')).toEqual({ id: "7", name: "values", data: { a: 1 } });
  expect(parseEvent(": heartbeat")).toBeNull();
});
