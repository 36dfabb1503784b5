import { useState } from "react";

import { LongText } from "./LongText";
import styles from "./payload.module.css";

const SHOWN = 100;
const OPEN_DEPTH = 2;
const OPEN_SIZE = 30;

/** JSON as a tree whose branches are made when they are opened. Everything in it is text. */
export function JsonTree({ value, name, depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  if (typeof value === "object" && value !== null) return <Branch value={value} name={name} depth={depth} />;
  return (
    <div className={styles.leaf}>
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : (
    <span className={styles.key} dir="auto">
      {name}
      <span className="quiet">: </span>
    </span>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") {
    return (
      <span className={styles.text}>
        <LongText text={value} />
      </span>
    );
  }
  return <span className={typeof value === "number" ? styles.number : styles.word}>{String(value)}</span>;
}

function Branch({ value, name, depth }: { value: object; name: string | undefined; depth: number }) {
  const entries = Object.entries(value) as [string, unknown][];
  const isList = Array.isArray(value);
  const [open, setOpen] = useState(depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_SIZE));
  const [shown, setShown] = useState(SHOWN);
  if (entries.length === 0) {
    return (
      <div className={styles.leaf}>
        <Name name={name} />
        <span className="quiet">{isList ? "[]" : "{}"}</span>
      </div>
    );
  }
  return (
    <div>
      <button type="button" className={styles.branch} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden>{open ? "▾" : "▸"}</span> <Name name={name} />
        <span className="quiet">
          {isList ? `[${entries.length}]` : `{${entries.length}}`} {!open && glance(value)}
        </span>
      </button>
      {open && (
        <div className={styles.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <JsonTree key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className={styles.more} onClick={() => setShown(shown + 10 * SHOWN)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function glance(value: object): string {
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.slice(0, 4).join(", ").slice(0, 60);
}
