import { useEffect, useReducer } from "react";

import { ago, fullTime } from "../format/times";

const TICK_MS = 10_000;

/** How long ago something was, also a while later. */
export function Ago({ at }: { at: string | null | undefined }) {
  const [, tick] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    const timer = window.setInterval(tick, TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return <span title={at ? fullTime(at) : ""}>{ago(at)}</span>;
}
