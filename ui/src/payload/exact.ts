/** JSON whose numbers stay as they were written, where JavaScript would make others of them: 2^53 + 1, 1.0, 1e400. */

/** A number that is only ever shown. */
export class ExactNumber {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return raw.rawJSON(this.text);
  }
}

// Newer than TypeScript's declarations. A browser that has none of it shows what it makes of the numbers.
const raw = JSON as unknown as { rawJSON: (text: string) => unknown };
const isExact = "rawJSON" in JSON;

export type Json = Record<string, unknown>;

/** Whether it is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

function keepText(_: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && source !== String(value) ? new ExactNumber(source) : value;
}

/** Raises SyntaxError. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, isExact ? keepText : undefined) as unknown;
}

const PAYLOADS = ["input", "output", "metadata", "first_message", "last_message", "values", "interrupts"];

/** A record, or a page of them, of which only what was recorded is exact: the rest is there to be counted with. */
export function parseRecords(text: string): unknown {
  const read = JSON.parse(text) as unknown;
  if (isExact) keepPayloads(read, parseExactly(text));
  return read;
}

function keepPayloads(read: unknown, exact: unknown) {
  if (!isJson(read) || !isJson(exact)) return;
  const [page, exactPage] = [read["content"], exact["content"]];
  if (Array.isArray(page) && Array.isArray(exactPage)) page.forEach((each, at) => keepPayloads(each, exactPage[at]));
  else for (const name of PAYLOADS) if (name in read) read[name] = exact[name];
}
