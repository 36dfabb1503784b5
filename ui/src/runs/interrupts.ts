/** What a run asks of a human, and how the answer is sent. */

import { isJson } from "../payload/exact";

export type DecisionType = "approve" | "edit" | "reject" | "respond";

export interface Asked {
  name: string;
  args: unknown;
  description: string;
  allowed: readonly DecisionType[];
}

export interface Interrupt {
  id: string;
  /** Null if it does not ask about calls of tools: then any value is an answer. */
  asked: Asked[] | null;
  value: unknown;
}

export type Decision =
  | { type: "approve" }
  | { type: "edit"; edited_action: { name: string; args: unknown } }
  | { type: "reject"; message?: string }
  | { type: "respond"; message: string };

const ALL: readonly DecisionType[] = ["approve", "edit", "reject", "respond"];

/** Of the map of interrupts by task that a thread has. */
export function readInterrupts(byTask: Record<string, unknown[]>): Interrupt[] {
  return Object.values(byTask)
    .flat()
    .filter(isJson)
    .map(({ id, value }) => ({ id: String(id), asked: readAsked(value), value }));
}

function readAsked(value: unknown): Asked[] | null {
  if (!isJson(value) || !Array.isArray(value["action_requests"])) return null;
  const configs = Array.isArray(value["review_configs"]) ? value["review_configs"].filter(isJson) : [];
  return value["action_requests"].filter(isJson).map((request) => {
    const config = configs.find((each) => each["action_name"] === request["name"]);
    const allowed = Array.isArray(config?.["allowed_decisions"]) ? config["allowed_decisions"] : ALL;
    return {
      name: String(request["name"]),
      args: request["args"] ?? {},
      description: String(request["description"] ?? ""),
      allowed: ALL.filter((type) => allowed.includes(type)),
    };
  });
}

/** One interrupt is answered by its answer, several by a map of answers. */
export function resumeOf(interrupts: readonly Interrupt[], answers: ReadonlyMap<string, unknown>): unknown {
  const given = interrupts.map(({ id, asked }) => [id, asked ? { decisions: answers.get(id) } : answers.get(id)] as const);
  return given.length === 1 ? given[0]![1] : Object.fromEntries(given);
}

/** In a line, for lists. */
export function summary(byTask: Record<string, unknown[]>): string {
  const names = readInterrupts(byTask).flatMap(({ asked }) => asked?.map((each) => each.name) ?? ["asks"]);
  return [...new Set(names)].join(", ");
}
