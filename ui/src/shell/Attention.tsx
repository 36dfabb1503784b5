import { useQuery } from "@tanstack/react-query";

import { attentionCount } from "../api/agents";
import styles from "./shell.module.css";

const REFRESH_MS = 15_000;

/** How many threads of agents wait for a human. */
export function Attention() {
  const { data: count } = useQuery({ ...attentionCount, refetchInterval: REFRESH_MS });
  if (!count) return null;
  return (
    <span className={styles.count} aria-label={`${count} need attention`}>
      {count > 99 ? "99+" : count}
    </span>
  );
}
