import { useState } from "react";

interface Held<T> {
  shown: T | undefined;
  isBehind: boolean;
  catchUp: () => void;
}

/** The latest value, or while someone reads the one that was there when they began. A change of `question` is always
 * followed. */
export function useHeld<T>(latest: T | undefined, question: string, isReading: boolean): Held<T> {
  const [held, setHeld] = useState<{ value: T | undefined; question: string }>({ value: latest, question });
  const follows = !isReading || held.question !== question || held.value === undefined;
  if (follows && (held.value !== latest || held.question !== question)) setHeld({ value: latest, question });
  return {
    shown: follows ? latest : held.value,
    isBehind: !follows && held.value !== latest,
    catchUp: () => setHeld({ value: latest, question }),
  };
}
