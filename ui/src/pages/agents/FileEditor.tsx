import { Button } from "../../components/Button";
import { Actions } from "../../components/Actions";
import { bytes } from "../../format/figures";
import styles from "./agents.module.css";

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
          <Button look="plain" onPress={() => onChange(JSON.stringify(JSON.parse(text), null, 2) + "\n")}>
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
      <textarea
        aria-label={path}
        className={styles.text}
        spellCheck={path.endsWith(".md")}
        autoCapitalize="off"
        wrap={path.endsWith(".md") ? "soft" : "off"}
        dir="auto"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
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
