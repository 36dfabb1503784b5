/** Keys that do something wherever the focus is, unless one is typing. */

import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  /** As `KeyboardEvent.key`, with `Mod+` for Ctrl or Command. */
  key: string;
  about: string;
  run: (event: KeyboardEvent) => void;
}

type Group = { current: readonly Shortcut[] };

let groups: Group[] = [];
let listed: readonly Shortcut[] = [];
const listeners = new Set<() => void>();

function changed() {
  const byKey = new Map(groups.flatMap((group) => group.current).map((shortcut) => [shortcut.key, shortcut]));
  listed = [...byKey.values()];
  for (const listener of listeners) listener();
}

/** While the component is there. The latest component that wants a key gets it. */
export function useShortcuts(shortcuts: readonly Shortcut[]) {
  const group = useRef(shortcuts);
  useEffect(() => {
    group.current = shortcuts;
  });
  useEffect(() => {
    groups = [...groups, group];
    changed();
    return () => {
      groups = groups.filter((other) => other !== group);
      changed();
    };
  }, []);
}

export function useListedShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => listed,
  );
}

const TAKES_KEYS = "input:not([type=checkbox]), textarea, select";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TAKES_KEYS));
}

/** What Enter already does something on. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button, summary") !== null;
}

window.addEventListener("keydown", (event) => {
  const mod = event.ctrlKey || event.metaKey;
  const target = event.composedPath()[0] ?? null; // also in a shadow root
  const key = mod ? `Mod+${event.key.toLowerCase()}` : event.key;
  if (event.defaultPrevented || event.altKey || (!mod && isTyping(target))) return;
  if (key === "Enter" && isPressed(target)) return;
  if (!mod && document.querySelector('[role="dialog"], [role="listbox"], [role="menu"]')) return;
  for (const group of [...groups].reverse()) {
    const found = group.current.find((shortcut) => shortcut.key === key);
    if (!found) continue;
    event.preventDefault();
    found.run(event);
    return;
  }
});
