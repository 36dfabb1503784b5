import styles from "./spanType.module.css";

const KNOWN = new Set(["llm", "tool", "general", "guardrail"]);

export function SpanType({ type }: { type: string | null | undefined }) {
  const shown = type && KNOWN.has(type) ? type : "general";
  return <span className={`${styles.type} ${styles[shown]}`}>{shown}</span>;
}
