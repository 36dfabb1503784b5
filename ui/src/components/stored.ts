import { useCallback, useState } from "react";

/** State that this browser keeps, as JSON. What cannot be read is taken for the default. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => readStored(key, initial));
  const store = useCallback(
    (next: T) => {
      localStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
    [key],
  );
  return [value, store];
}

function readStored<T>(key: string, initial: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? initial;
  } catch {
    return initial;
  }
}
