import { lazy, Suspense } from "react";

import { Button } from "../../components/Button";
import { Actions } from "../../components/Actions";
import { Loading } from "../../components/states";
import { bytes } from "../../format/figures";
import { parseExactly } from "../../payload/exact";
import styles from "./agents.module.css";

const CodeEditor = lazy(() => import("../../editor/CodeEditor"));

interface Props {
  path: string;
  text: string;
  onChange: (text: string) => void;
  onRename: () => void;
  onDelete: () => void;
}

export function FileEditor({ path, text, onChange, onRename, onDelete }: Props) {
  const complaint = path.endsWith(".json") ? complaintOfJson(text) : null;
  return (
    <section className={styles.editor} aria-label="Editor">
      <div className={styles.editorHead}>
        <h2 dir="auto">{path}</h2>
        <span className="quiet number">{bytes(new Blob([text]).size)}</span>
        <span className={styles.grow} />
        {complaint && text.trim() === "" ? null : path.endsWith(".json") && !complaint ? (
          <Button look="plain" onPress={() => onChange(JSON.stringify(parseExactly(text), null, 2) + "\n")}>
            Format
          </Button>
        ) : null}
        <Actions
          look="icon"
          label={`What to do with ${path}`}
          actions={[
            { label: "Rename …", run: onRename },
            { label: "Delete", run: onDelete },
          ]}
        />
      </div>
      <Suspense fallback={<Loading />}>
        <CodeEditor path={path} text={text} onChange={onChange} />
      </Suspense>
      {complaint && (
        <p className={styles.complaint} role="status">
          {complaint}
        </p>
      )}
    </section>
  );
}

function complaintOfJson(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is no JSON yet: ${(error as Error).message}`;
  }
}
