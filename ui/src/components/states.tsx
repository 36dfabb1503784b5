/** What stands in the place of what is not there: not yet, not at all, or not to be had. */

import type { ReactNode } from "react";

import { ApiError } from "../api/client";
import { Button } from "./Button";
import styles from "./controls.module.css";

export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.bar} style={{ width: `${90 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.notice}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

const ADVICE: Record<number, string> = {
  404: "It may have been deleted, or the link is wrong.",
  503: "The query needed too long or too much memory. A narrower time range or filter helps.",
};

export function Problem({ error, retry }: { error: Error; retry?: () => void }) {
  const unreachable = error instanceof TypeError;
  const advice = error instanceof ApiError ? ADVICE[error.status] : undefined;
  return (
    <div className={styles.notice} role="alert">
      <h2>{unreachable ? "The server does not answer" : "That did not work"}</h2>
      <p className="quiet">{unreachable ? "Is it running? It is tried again by itself." : error.message}</p>
      {advice && <p>{advice}</p>}
      {retry && <Button onPress={retry}>Try again</Button>}
    </div>
  );
}
