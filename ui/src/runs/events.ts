/** Server-sent events, as they come in pieces of any size. */

import { parseExactly } from "../payload/exact";

export interface StreamEvent {
  id: string;
  name: string;
  /** What its JSON says, or the text if it is none. */
  data: unknown;
}

/** Bytes that do not come for so long mean that the connection is dead: the server sends comments more often. */
const SILENCE_MS = 20_000;

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read());
      if (done) return;
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function withinTime<T>(read: Promise<T>): Promise<T> {
  let timer = 0;
  const silence = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => reject(new TypeError("The stream is silent")), SILENCE_MS);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Null for comments. */
export function parseEvent(block: string): StreamEvent | null {
  const fields: Record<string, string[]> = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at < 1) continue;
    (fields[line.slice(0, at)] ??= []).push(line.slice(at + 1).replace(/^ /, ""));
  }
  if (!fields["data"]) return null;
  return { id: fields["id"]?.[0] ?? "", name: fields["event"]?.[0] ?? "message", data: parsed(fields["data"].join("\n")) };
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}
