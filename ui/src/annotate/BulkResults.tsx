import type { Result } from "../api/changes";
import { Dialog } from "../components/Dialog";
import { count } from "../format/figures";
import styles from "./annotate.module.css";

const SHOWN = 500;

interface Props {
  results: Result[];
  subjects: readonly { id: string; label: string }[];
  onClose: () => void;
}

/** What became of each, those that failed first. */
export function BulkResults({ results, subjects, onClose }: Props) {
  const labels = new Map(subjects.map((subject) => [subject.id, subject.label]));
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
              {labels.get(result.id) ?? result.id} <span className="quiet">{result.message}</span>
            </span>
          </li>
        ))}
      </ul>
      {ordered.length > SHOWN && <p className="quiet">and {count(ordered.length - SHOWN)} more</p>}
    </Dialog>
  );
}
