import { expect, test } from "vitest";

import type { Run } from "../api/agents";
import { parseEvent } from "./events";
import { readInterrupts, resumeOf } from "./interrupts";
import type { Said } from "./transcript";
import { turnsOf } from "./turns";

const said = (role: Said["role"], text: string): Said => ({ id: text, role, text, calls: [] });
const run = (id: string, text: string | null): Run =>
  ({
    run_id: id,
    kwargs: text === null ? { command: { resume: {} } } : { input: { messages: [{ role: "user", content: text }] } },
  }) as unknown as Run;

test("each turn has the run that was sent its message, and those that went on after an interrupt", () => {
  const turns = turnsOf(
    [said("user", "a"), said("assistant", "A"), said("user", "b")],
    [run("3", "b"), run("2", null), run("1", "a")],
  );
  expect(turns.map((turn) => turn.runs.map((each) => each.run_id))).toEqual([["1", "2"], ["3"]]);
});

test("a run that failed before its message was kept has a turn of its own", () => {
  const turns = turnsOf([said("user", "a")], [run("2", "fails"), run("1", "a")]);
  expect(turns.map((turn) => turn.said[0]?.text)).toEqual(["a", "fails"]);
});

test("a run that was undone has no turn, and the same words twice are two turns", () => {
  const turns = turnsOf([said("user", "a"), said("user", "a")], [run("3", "a"), run("2", "gone"), run("1", "a")]);
  expect(turns.map((turn) => turn.runs.map((each) => each.run_id))).toEqual([["1"], ["3"]]);
});

const request = { id: "i", value: { action_requests: [{ name: "send", args: { to: "x" } }] } };

test("an interrupt without a configuration allows every decision", () => {
  expect(readInterrupts({ task: [request] })[0]?.asked?.[0]).toMatchObject({ name: "send", allowed: { length: 4 } });
});

test("one interrupt is resumed with its decisions, several with those of each", () => {
  const interrupts = readInterrupts({ task: [request, { ...request, id: "j" }] });
  const answers = new Map(interrupts.map(({ id }) => [id, [{ type: "approve" }]]));
  expect(resumeOf(interrupts.slice(0, 1), answers)).toEqual({ decisions: [{ type: "approve" }] });
  expect(resumeOf(interrupts, answers)).toHaveProperty("j", { decisions: [{ type: "approve" }] });
});

test("arguments that come in a stream are sent back as they came", () => {
  const args = '{"order":9007199254740993,"price":1.0}';
  expect(JSON.stringify(parseEvent(`event: values\ndata: ${args}`)?.data)).toBe(args);
});
