/** Light, dark, or as the system has it. */

import { useSyncExternalStore } from "react";

const KEY = "weft.theme";
const listeners = new Set<() => void>();

export type Theme = "system" | "light" | "dark";

function read(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme() {
  const theme = read();
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function setTheme(theme: Theme) {
  localStorage.setItem(KEY, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}

export function toggleTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = read() === "system" ? (dark ? "dark" : "light") : read();
  setTheme(now === "dark" ? "light" : "dark");
}
