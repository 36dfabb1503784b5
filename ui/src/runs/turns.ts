/** Which run brought about what: threads keep what was said, and runs keep what they were sent. */

import type { Run } from "../api/agents";
import { isJson } from "../payload/exact";
import { textOf, type Said } from "./transcript";

export interface Turn {
  said: Said[];
  /** Those that brought it about, the first first: more than one after an interrupt. */
  runs: Run[];
}

export function isActive(run: Run): boolean {
  return run.status === "pending" || run.status === "running";
}

/** What was said, in turns that begin with what a human said. `runs` has the newest first. The message of a run that
 * failed before anything was kept is only in the run; runs that were undone are left out. */
export function turnsOf(said: readonly Said[], runs: readonly Run[]): Turn[] {
  const turns: Turn[] = [];
  for (const each of said) {
    if (each.role === "user" || !turns.length) turns.push({ said: [], runs: [] });
    turns.at(-1)!.said.push(each);
  }
  const lost: Turn[] = [];
  let at = turns.length - 1;
  let later: Run[] = [];
  for (const run of runs) {
    const sent = inputOf(run).at(-1);
    if (sent === undefined) {
      later = [run, ...later];
      continue;
    }
    const found = turns.slice(0, at + 1).findLastIndex((turn) => turn.said[0]?.text === sent);
    if (found >= 0) {
      turns[found]!.runs = [run, ...later];
      at = found - 1;
    } else if (at === turns.length - 1 && !isActive(run)) {
      lost.unshift({ said: [{ id: run.run_id, role: "user", text: sent, calls: [] }], runs: [run, ...later] });
    }
    later = [];
  }
  return [...turns, ...lost];
}

/** The texts that a run was sent. */
export function inputOf(run: Run): string[] {
  const input = run.kwargs["input"];
  const messages = isJson(input) && !run.kwargs["command"] ? input["messages"] : null;
  if (!Array.isArray(messages)) return [];
  return messages.map((message: unknown) => textOf(isJson(message) ? message["content"] : message));
}
