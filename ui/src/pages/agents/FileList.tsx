import { useShortcuts } from "../../components/shortcuts";
import { Button } from "../../components/Button";
import styles from "./agents.module.css";
import type { Change } from "./draft";

interface Props {
  paths: readonly string[];
  changes: ReadonlyMap<string, Change>;
  shown: string | undefined;
  onOpen: (path: string) => void;
  onRestore: (path: string) => void;
}

/** Folders are shown by their indented files. Keys: j k. */
export function FileList({ paths, changes, shown, onOpen, onRestore }: Props) {
  const move = (step: number) => {
    const next = paths[Math.max(0, Math.min(paths.length - 1, paths.indexOf(shown ?? "") + step))];
    if (next) onOpen(next);
  };
  useShortcuts([
    { key: "j", about: "Next file", run: () => move(1) },
    { key: "k", about: "Previous file", run: () => move(-1) },
  ]);
  const gone = [...changes].filter(([, change]) => change === "gone").map(([path]) => path);
  return (
    <nav className={styles.list} aria-label="Files">
      <ul>
        {paths.map((path, at) => (
          <li key={path}>
            {folderOf(path) !== folderOf(paths[at - 1] ?? "") && folderOf(path) && (
              <div className={styles.folder} dir="auto">
                {folderOf(path)}/
              </div>
            )}
            <button
              type="button"
              className={styles.file}
              data-inside={folderOf(path) ? true : undefined}
              aria-label={[path, changes.get(path)].filter(Boolean).join(", ")}
              aria-current={path === shown ? "true" : undefined}
              onClick={() => onOpen(path)}
              title={path}
            >
              <span dir="auto">{path.slice(folderOf(path).length).replace(/^\//, "")}</span>
              {changes.has(path) && <span className={styles.mark}>{changes.get(path)}</span>}
            </button>
          </li>
        ))}
        {gone.map((path) => (
          <li key={path} className={styles.gone}>
            <s dir="auto">{path}</s>
            <Button look="plain" aria-label={`Bring back ${path}`} onPress={() => onRestore(path)}>
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
