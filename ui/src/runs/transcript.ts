/** What was said on a thread, put together from states and from the pieces that a stream brings. */

import { isJson, parseExactly, type Json } from "../payload/exact";
import type { StreamEvent } from "./events";

export interface Call {
  id: string;
  name: string;
  args: unknown;
  /** JSON that is still coming. */
  partial?: string;
}

export interface Said {
  id: string;
  role: "user" | "assistant" | "system" | "tool";
  text: string;
  calls: Call[];
  /** The call that this answers. */
  callId?: string;
  failed?: boolean;
}

/** Lists of what was said by namespace: `""` is the agent, `tools:…` a subagent that one of its calls started. */
export interface Transcript {
  said: Record<string, Said[]>;
  failure: string | null;
}

export const NOTHING_SAID: Transcript = { said: {}, failure: null };

const ROLES: Record<string, Said["role"]> = {
  human: "user",
  user: "user",
  ai: "assistant",
  assistant: "assistant",
  AIMessageChunk: "assistant",
  tool: "tool",
  system: "system",
};

export function readMessages(values: unknown): Said[] {
  const messages = isJson(values) ? values["messages"] : null;
  return Array.isArray(messages) ? messages.filter(isJson).map(readMessage) : [];
}

export function after(transcript: Transcript, event: StreamEvent): Transcript {
  const [mode = "", ...names] = event.name.split("|");
  const namespace = names.join("|");
  if (mode === "error" && isJson(event.data)) {
    return { ...transcript, failure: `${String(event.data["error"])}: ${String(event.data["message"])}` };
  }
  const before = transcript.said[namespace] ?? [];
  const now =
    mode === "values" && isJson(event.data) && "messages" in event.data
      ? readMessages(event.data)
      : mode === "messages" && Array.isArray(event.data) && isJson(event.data[0])
        ? withPiece(before, event.data[0])
        : before;
  return now === before ? transcript : { ...transcript, said: { ...transcript.said, [namespace]: now } };
}

function withPiece(said: Said[], piece: Json): Said[] {
  const at = said.findIndex((each) => each.id === piece["id"]);
  const known = said[at];
  if (!known) return [...said, joined(null, piece)];
  const isWhole = !String(piece["type"]).endsWith("Chunk");
  return said.with(at, isWhole ? readMessage(piece) : joined(known, piece));
}

function joined(before: Said | null, piece: Json): Said {
  const read = readMessage(piece);
  const chunks = Array.isArray(piece["tool_call_chunks"]) ? piece["tool_call_chunks"].filter(isJson) : [];
  if (!chunks.length && !before) return read;
  const calls = chunks.reduce<Call[]>(withCallPiece, before?.calls ?? []);
  return { ...read, text: (before?.text ?? "") + read.text, calls };
}

/** Pieces of one call have the same index; only the first has a name. */
function withCallPiece(calls: Call[], chunk: Json): Call[] {
  const isNew = Boolean(chunk["name"]) || calls.length === 0;
  const known = isNew ? undefined : calls.at(-1);
  const partial = (known?.partial ?? "") + String(chunk["args"] ?? "");
  const call: Call = {
    id: known?.id ?? String(chunk["id"] ?? ""),
    name: known?.name ?? String(chunk["name"] ?? "tool"),
    args: parsed(partial),
    partial,
  };
  return known ? calls.with(-1, call) : [...calls, call];
}

function readMessage(message: Json): Said {
  const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"].filter(isJson) : [];
  const callId = message["tool_call_id"];
  return {
    id: String(message["id"] ?? ""),
    role: ROLES[String(message["type"] ?? message["role"])] ?? "system",
    text: textOf(message["content"]),
    calls: calls.map((call) => ({ id: String(call["id"] ?? ""), name: String(call["name"]), args: call["args"] })),
    ...(typeof callId === "string" ? { callId } : {}),
    ...(message["status"] === "error" ? { failed: true } : {}),
  };
}

export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === null || content === undefined ? "" : JSON.stringify(content);
  return content.map((part: unknown) => (isJson(part) ? textOfPart(part) : String(part))).join("");
}

function textOfPart(part: Json): string {
  if (typeof part["text"] === "string") return part["text"];
  return part["type"] === "tool_use" || part["type"] === "function_call" ? "" : `[${String(part["type"])}]`;
}

/** The namespaces of the subagents that calls started, by the id of the call: a subagent is first told what the call
 * describes. */
export function subagentsOf({ said }: Transcript, namespace: string): Map<string, string> {
  const depth = namespace ? namespace.split("|").length : 0;
  const free = Object.keys(said).filter(
    (name) => name && name.split("|").length === depth + 1 && (!namespace || name.startsWith(`${namespace}|`)),
  );
  const found = new Map<string, string>();
  for (const call of (said[namespace] ?? []).flatMap((each) => each.calls)) {
    const asked = isJson(call.args) ? call.args["description"] : undefined;
    const at = call.name === "task" ? free.findIndex((name) => said[name]?.[0]?.text === asked) : -1;
    if (at >= 0) found.set(call.id, free.splice(at, 1)[0]!);
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
