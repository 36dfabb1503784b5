/** Figures as people read them. All take what may be missing and show a dash for it. */

const NOTHING = "–";
const WHOLE = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

type Maybe = number | null | undefined;

export function count(value: Maybe): string {
  return value == null ? NOTHING : WHOLE.format(value);
}

export function shortCount(value: Maybe): string {
  if (value == null) return NOTHING;
  return Math.abs(value) < 10_000 ? WHOLE.format(value < 100 ? Math.round(value * 10) / 10 : Math.round(value)) : SHORT.format(value);
}

/** From ms. */
export function duration(ms: Maybe): string {
  if (ms == null) return NOTHING;
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} m`;
}

/** From USD. */
export function cost(usd: Maybe): string {
  if (usd == null) return NOTHING;
  if (usd === 0) return "$0";
  if (usd < 0.01) return `$${Number(usd.toPrecision(2))}`;
  const digits = usd >= 100 ? 0 : usd >= 1 ? 2 : 3;
  return `$${usd.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function percent(value: Maybe): string {
  return value == null ? NOTHING : `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)}%`;
}

export function score(value: Maybe): string {
  return value == null ? NOTHING : String(Math.round(value * 1000) / 1000);
}

export function bytes(value: Maybe): string {
  if (value == null) return NOTHING;
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}
