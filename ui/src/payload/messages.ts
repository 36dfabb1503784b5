/** Chat messages, found in payloads of the shapes that libraries log. */

import { isJson, parseExactly, type Json } from "./exact";

export interface Part {
  type: "text" | "call" | "image" | "json";
  text: string;
  value?: unknown;
}

export interface Message {
  role: string;
  name?: string | undefined;
  parts: Part[];
}

const ROLES: Record<string, string> = { human: "user", ai: "assistant", AIMessageChunk: "assistant", developer: "system" };
const KNOWN = new Set(["user", "assistant", "system", "tool", "function"]);

/** The messages of a payload, or null if it is something else. */
export function findMessages(payload: unknown): Message[] | null {
  const list = listOf(payload);
  if (!list?.length) return null;
  const messages = list.map(readMessage);
  return messages.every((message) => message !== null) ? messages : null;
}

function listOf(payload: unknown): unknown[] | null {
  if (Array.isArray(payload)) return payload.length === 1 && Array.isArray(payload[0]) ? payload[0] : payload;
  if (!isJson(payload)) return null;
  const { messages, choices, message, input, output } = payload;
  if (Array.isArray(messages)) return listOf(messages);
  if (Array.isArray(choices)) return choices.map((choice) => (isJson(choice) ? choice["message"] : null));
  if (isJson(message)) return [message];
  if (Object.keys(payload).length === 1 && (input ?? output)) return listOf(input ?? output);
  return roleOf(payload) ? [payload] : null;
}

function roleOf(message: Json): string | null {
  const kwargs = isJson(message["kwargs"]) ? message["kwargs"] : {};
  const role = message["role"] ?? kwargs["type"] ?? message["type"];
  if (typeof role !== "string") return null;
  const known = ROLES[role] ?? role;
  return KNOWN.has(known) ? known : null;
}

function readMessage(item: unknown): Message | null {
  if (!isJson(item)) return null;
  const role = roleOf(item);
  const body = isJson(item["kwargs"]) ? item["kwargs"] : item;
  if (!role || !("content" in body || "tool_calls" in body || "parts" in body)) return null;
  const calls = Array.isArray(body["tool_calls"]) ? body["tool_calls"].map(readCall) : [];
  const name = typeof body["name"] === "string" ? body["name"] : undefined;
  return { role, name, parts: [...readContent(body["content"] ?? body["parts"]), ...calls] };
}

function readContent(content: unknown): Part[] {
  if (content === null || content === undefined || content === "") return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (Array.isArray(content)) return content.map(readPart);
  return [{ type: "json", text: "", value: content }];
}

function readPart(part: unknown): Part {
  if (typeof part === "string") return { type: "text", text: part };
  if (!isJson(part)) return { type: "json", text: "", value: part };
  const text = part["text"] ?? (part["type"] === "text" ? part["content"] : undefined);
  if (typeof text === "string") return { type: "text", text };
  if (part["type"] === "tool_use" || part["type"] === "tool_call") return readCall(part);
  const image = isJson(part["image_url"]) ? part["image_url"]["url"] : part["image_url"];
  if (typeof image === "string" && /^data:image\/(png|jpe?g|gif|webp);base64,/.test(image)) {
    return { type: "image", text: image };
  }
  return { type: "json", text: String(part["type"] ?? ""), value: part };
}

function readCall(call: unknown): Part {
  if (!isJson(call)) return { type: "json", text: "", value: call };
  const target = isJson(call["function"]) ? call["function"] : call;
  const value = parsed(target["arguments"] ?? target["args"] ?? target["input"]);
  return { type: "call", text: String(target["name"] ?? "tool"), value };
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return parseExactly(value);
  } catch {
    return value;
  }
}

const PREVIEW = 200;

/** One line of a payload: what a reader would look for first. */
export function preview(payload: unknown): string {
  if (payload === undefined || payload === null) return "";
  const messages = findMessages(payload);
  const said = messages?.findLast((message) => message.parts.some((part) => part.type === "text"));
  if (said) return line(said.parts.map((part) => (part.type === "text" ? part.text : "")).join(" "));
  if (messages?.[0]?.parts[0]?.type === "call") return line(`→ ${messages[0].parts[0].text}`);
  return line(onlyText(payload) ?? JSON.stringify(payload));
}

/** The text that a payload is, or that is all there is in it. */
export function onlyText(payload: unknown): string | null {
  if (typeof payload === "string") return payload;
  const values = isJson(payload) ? Object.values(payload) : [];
  return values.length === 1 && typeof values[0] === "string" ? values[0] : null;
}

function line(text: string): string {
  return text.slice(0, PREVIEW * 2).replace(/\s+/g, " ").trim().slice(0, PREVIEW);
}
