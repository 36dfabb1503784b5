import { useSyncExternalStore } from "react";

import { ago, fullTime } from "../format/times";

const TICK_MS = 10_000;

const listeners = new Set<() => void>();
let clock = 0;

/** One clock for all that is shown: a table has a hundred of them. */
function subscribe(listener: () => void) {
  if (listeners.size === 0) clock = window.setInterval(() => listeners.forEach((tell) => tell()), TICK_MS);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(clock);
  };
}

/** How long ago something was, also a while later. */
export function Ago({ at }: { at: string | null | undefined }) {
  const text = useSyncExternalStore(subscribe, () => ago(at));
  return <span title={at ? fullTime(at) : ""}>{text}</span>;
}
