/** Windows of time, as they stand in a URL: `24h` is the last day up to now, `from..to` two instants, `` is always. What
 * ends now begins with a full minute: asked for again, it is mostly the same window, of which the server knows the figures. */

const MINUTE_MS = 60_000;
const UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export const RANGES = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "90d", label: "Last 90 days" },
  { value: "", label: "All time" },
] as const;

export interface Times {
  from_time?: string;
  to_time?: string;
}

export function isRange(text: string): boolean {
  if (text === "") return true;
  const [from, to] = text.split("..");
  if (to !== undefined) return [from, to].every((at) => !Number.isNaN(Date.parse(at ?? "")));
  return /^\d{1,4}[mhd]$/.test(text);
}

export function rangeOf(fromMs: number, toMs: number): string {
  const text = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  return `${text(fromMs)}..${text(toMs)}`;
}

export function timesOf(range: string, now = Date.now()): Times {
  if (!range) return {};
  const [from, to] = range.split("..");
  if (from && to) return { from_time: new Date(from).toISOString(), to_time: new Date(to).toISOString() };
  return { from_time: new Date(Math.floor((now - lengthOf(range)) / MINUTE_MS) * MINUTE_MS).toISOString() };
}

/** In ms, of a window that ends now. */
export function lengthOf(range: string): number {
  return Number.parseInt(range, 10) * (UNITS_MS[range.at(-1) ?? ""] ?? 0);
}

export function labelOf(range: string): string {
  const known = RANGES.find((option) => option.value === range);
  if (known) return known.label;
  const [from, to] = range.split("..");
  if (!from || !to) return `Last ${range}`;
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return format.formatRange(new Date(from), new Date(to));
}
