/** Instants as people read them, in the time zone of the browser. */

const DAY_MS = 86_400_000;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

export function shortTime(instant: string | null | undefined, now = Date.now()): string {
  if (!instant) return "–";
  const at = Date.parse(instant);
  if (Math.abs(now - at) < DAY_MS / 2) return CLOCK.format(at);
  return Math.abs(now - at) < 300 * DAY_MS ? DAY_AND_CLOCK.format(at) : DAY.format(at);
}

export function fullTime(instant: string): string {
  return FULL.format(Date.parse(instant));
}

const STEPS: [limitMs: number, unitMs: number, unit: string][] = [
  [60_000, 1000, "s"],
  [3_600_000, 60_000, "min"],
  [2 * DAY_MS, 3_600_000, "h"],
  [60 * DAY_MS, DAY_MS, "d"],
];

export function ago(instant: string | null | undefined, now = Date.now()): string {
  if (!instant) return "never";
  const passed = now - Date.parse(instant);
  if (passed < 5000) return "now";
  const step = STEPS.find(([limit]) => passed < limit);
  return step ? `${Math.floor(passed / step[1])} ${step[2]} ago` : DAY.format(Date.parse(instant));
}

/** In ms since the epoch, with the fraction that instants of the server have and that `Date.parse` drops. */
export function preciseMs(instant: string): number {
  const digits = /\.(\d+)/.exec(instant)?.[1] ?? "";
  return Date.parse(instant) + (digits.length > 3 ? Number(`0.${digits.slice(3)}`) : 0);
}
