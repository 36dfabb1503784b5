import { useMemo, useState } from "react";

import { tell } from "../components/toasts";
import { Conversation } from "./Conversation";
import { canOpen, JsonTree } from "./JsonTree";
import { LongText } from "./LongText";
import { findMessages } from "./messages";
import styles from "./payload.module.css";

type Way = "chat" | "tree" | "raw";

const LABELS: Record<Way, string> = { chat: "Chat", tree: "JSON", raw: "Raw" };

/** What was stored, as a conversation where it is one, as a tree, or as it came. */
export function Payload({ title, value }: { title: string; value: unknown }) {
  const messages = useMemo(() => findMessages(value), [value]);
  const ways: Way[] = messages ? ["chat", "tree", "raw"] : ["tree", "raw"];
  const [chosen, setChosen] = useState<Way | null>(null);
  const [isOpen, setOpen] = useState(false);
  const opens = useMemo(() => canOpen(value), [value]);
  const way = chosen && ways.includes(chosen) ? chosen : ways[0];
  if (value === undefined || value === null) return null;
  return (
    <section className={styles.payload} aria-label={title}>
      <div className={styles.bar}>
        <h3>{title}</h3>
        <div className={styles.ways} role="group" aria-label={`Show ${title} as`}>
          {ways.map((each) => (
            <button key={each} type="button" aria-pressed={each === way} onClick={() => setChosen(each)}>
              {LABELS[each]}
            </button>
          ))}
          {way === "tree" && opens && (
            <button type="button" aria-pressed={isOpen} onClick={() => setOpen(!isOpen)}>
              Open all
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              void navigator.clipboard.writeText(raw(value));
              tell(`Copied ${title.toLowerCase()}`);
            }}
          >
            Copy
          </button>
        </div>
      </div>
      <div className={styles.content}>
        {way === "chat" && messages && <Conversation messages={messages} />}
        {way === "tree" && (typeof value === "string" ? <LongText text={value} /> : <JsonTree key={String(isOpen)} value={value} isOpen={isOpen} />)}
        {way === "raw" && <Raw value={value} />}
      </div>
    </section>
  );
}

function Raw({ value }: { value: unknown }) {
  const text = useMemo(() => raw(value), [value]);
  return (
    <pre className={styles.raw}>
      <LongText text={text} />
    </pre>
  );
}

function raw(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
