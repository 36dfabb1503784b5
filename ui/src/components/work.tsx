/** What takes many requests: how far it is, and a way to stop it between two of them. */

import { useSyncExternalStore } from "react";

import { count } from "../format/figures";
import { Button } from "./Button";
import styles from "./controls.module.css";
import { Dialog } from "./Dialog";

export interface Progress {
  /** Is aborted when someone stops the work. */
  signal: AbortSignal;
  tell: (done: number, total?: number) => void;
}

interface Task {
  title: string;
  done: number;
  total: number;
  stop: () => void;
}

const SHOWN_AFTER_MS = 300;

let shown: Task | null = null;
const listeners = new Set<() => void>();

function show(task: Task | null) {
  shown = task;
  for (const listener of listeners) listener();
}

/** Runs it below a dialog, unless it is done before one would see that. */
export async function work<T>(title: string, total: number, run: (progress: Progress) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let task: Task = { title, done: 0, total, stop: () => controller.abort() };
  let isVisible = false;
  const timer = setTimeout(() => {
    isVisible = true;
    show(task);
  }, SHOWN_AFTER_MS);
  const tell = (done: number, of = task.total) => {
    task = { ...task, done, total: of };
    if (isVisible) show(task);
  };
  try {
    return await run({ signal: controller.signal, tell });
  } finally {
    clearTimeout(timer);
    if (isVisible) show(null);
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function WorkInProgress() {
  const task = useSyncExternalStore(subscribe, () => shown);
  return (
    <Dialog title={task?.title ?? ""} isOpen={task !== null} onClose={() => task?.stop()} keep>
      {task && (
        <>
          <progress className={styles.progress} aria-label={task.title} max={task.total} value={task.done} />
          <p className="number">
            {count(task.done)} of {count(task.total)}
          </p>
          <div className={styles.actions}>
            <Button onPress={task.stop}>Stop</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
