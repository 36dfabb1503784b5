/** Short messages at the edge of the page, of which some can undo what they tell. */

import { useSyncExternalStore } from "react";

import { Button } from "./Button";
import styles from "./controls.module.css";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo?: (() => void) | undefined;
}

const SHOWN_MS = 8000;

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

function drop(id: number) {
  change(toasts.filter((toast) => toast.id !== id));
}

function show(text: string, bad: boolean, undo?: () => void) {
  const id = ++last;
  change([...toasts.slice(-3), { id, text, bad, undo }]);
  setTimeout(() => drop(id), SHOWN_MS);
}

export function tell(text: string, undo?: () => void) {
  show(text, false, undo);
}

export function tellError(error: Error) {
  show(error.message, true);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {shown.map(({ id, text, bad, undo }) => (
        <div key={id} className={styles.toast} data-bad={bad || undefined}>
          <span>{text}</span>
          {undo && (
            <Button
              onPress={() => {
                drop(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
          <Button look="icon" aria-label="Dismiss" onPress={() => drop(id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  );
}
