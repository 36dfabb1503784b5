import type { Stats } from "../api/queries";
import type { Noun } from "../filters/language";
import { cost, count, duration, shortCount } from "../format/figures";
import styles from "./table.module.css";

function valueOf(stats: Stats, name: string): number | null {
  const stat = stats.get(name);
  return stat && stat.type !== "PERCENTAGE" ? stat.value : null;
}

/** What all that a filter finds adds up to. */
export function Totals({ noun, stats }: { noun: Noun; stats: Stats }) {
  const total = valueOf(stats, `${noun.slice(0, -1)}_count`);
  if (total === null) return <span className={styles.totals} />;
  const times = stats.get("duration");
  const tokens = valueOf(stats, "usage.total_tokens");
  return (
    <span className={styles.totals} aria-label="Totals">
      <span>
        errors <b>{count(valueOf(stats, "error_count"))}</b>
      </span>
      <span>
        cost <b>{cost(valueOf(stats, "total_estimated_cost_sum"))}</b>
      </span>
      {times?.type === "PERCENTAGE" && (
        <span>
          p50 <b>{duration(times.value.p50)}</b> p99 <b>{duration(times.value.p99)}</b>
        </span>
      )}
      {tokens !== null && (
        <span>
          mean tokens <b>{shortCount(tokens)}</b>
        </span>
      )}
    </span>
  );
}
