import { useState } from "react";

import { ExactNumber } from "./exact";
import { LongText } from "./LongText";
import styles from "./payload.module.css";

const SHOWN = 100;
const OPEN_DEPTH = 2;
const OPEN_SIZE = 30;

/** More than that is not opened at once. */
const MOST_OPEN = 2000;

interface Props {
  value: unknown;
  name?: string;
  depth?: number;
  /** Whether all branches begin open. */
  isOpen?: boolean;
}

/** JSON as a tree whose branches are made when they are opened. Everything in it is text. */
export function JsonTree({ value, name, depth = 0, isOpen = false }: Props) {
  if (isBranch(value)) return <Branch value={value} name={name} depth={depth} isOpen={isOpen} />;
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
  if (value instanceof ExactNumber) return <span className={styles.number}>{value.text}</span>;
  return <span className={typeof value === "number" ? styles.number : styles.word}>{String(value)}</span>;
}

/** Whether there is something to open in it, and not too much. */
export function canOpen(value: unknown): boolean {
  const all: unknown[] = [value];
  for (let at = 0; at < all.length && all.length <= MOST_OPEN; at++) {
    const each = all[at];
    if (isBranch(each)) all.push(...Object.values(each).slice(0, SHOWN));
  }
  return all.some((each, at) => at > 0 && isBranch(each)) && all.length <= MOST_OPEN;
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

interface BranchProps {
  value: object;
  name: string | undefined;
  depth: number;
  isOpen: boolean;
}

function Branch({ value, name, depth, isOpen }: BranchProps) {
  const entries = Object.entries(value) as [string, unknown][];
  const isList = Array.isArray(value);
  const [open, setOpen] = useState(isOpen || depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_SIZE));
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
            <JsonTree key={key} name={key} value={child} depth={depth + 1} isOpen={isOpen} />
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
