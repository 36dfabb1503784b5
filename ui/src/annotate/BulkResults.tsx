import type { Result } from "../api/changes";
import { Dialog } from "../components/Dialog";
import { count } from "../format/figures";
import styles from "./annotate.module.css";

const SHOWN = 500;

/** What became of one, under the name that it had when it was asked for: it may be gone since. */
export interface Outcome extends Result {
  label: string;
}

export function named(results: readonly Result[], labels: ReadonlyMap<string, string>): Outcome[] {
  return results.map((result) => ({ ...result, label: labels.get(result.id) ?? result.id }));
}

interface Props {
  results: Outcome[];
  onClose: () => void;
}

/** What became of each, those that failed first. */
export function BulkResults({ results, onClose }: Props) {
  const failed = results.filter((result) => result.status === "failure");
  const ordered = [...failed, ...results.filter((result) => result.status === "success")];
  return (
    <Dialog
      title={`${count(failed.length)} of ${count(results.length)} failed`}
      isOpen={results.length > 0}
      onClose={onClose}
      wide
    >
      <ul className={styles.results} tabIndex={0} aria-label="Results">
        {ordered.slice(0, SHOWN).map((result) => (
          <li key={result.id}>
            <span aria-label={result.status}>{result.status === "success" ? "✓" : "✗"}</span>
            <span>
              {result.label} <span className="quiet">{result.message}</span>
            </span>
          </li>
        ))}
      </ul>
      {ordered.length > SHOWN && <p className="quiet">and {count(ordered.length - SHOWN)} more</p>}
    </Dialog>
  );
}
