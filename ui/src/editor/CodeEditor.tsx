import type { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";

import styles from "./editor.module.css";
import { openEditor, replaceText } from "./setup";

export interface CodeEditorProps {
  /** Names the editor, and its ending says what is written. */
  path: string;
  text: string;
  onChange: (text: string) => void;
}

/** For one file: another one needs a `key` of its own. In a shadow root, as the policy lets styles be adopted there. Comes with a script of its own: import it lazily. */
export default function CodeEditor({ path, text, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const shown = useRef(text);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const opened = openEditor(host.current!, path, shown.current, (changed) => {
      shown.current = changed;
      latest.current(changed);
    });
    view.current = opened;
    return () => opened.destroy();
  }, [path]);
  useEffect(() => {
    if (text !== shown.current) replaceText(view.current!, text);
  }, [text]);
  return (
    <>
      <div ref={host} className={styles.host} />
      <p className={styles.hint}>
        <kbd>Tab</kbd> indents. To leave the editor by keyboard, press <kbd>Esc</kbd>, then <kbd>Tab</kbd>.
      </p>
    </>
  );
}
