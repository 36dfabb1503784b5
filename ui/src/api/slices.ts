/** Changes of any number of things, in requests of at most so many. */

import type { Result } from "./changes";

/** As much of a Progress as it takes. */
interface Steps {
  signal: AbortSignal;
  tell: (done: number) => void;
}

/** What the server takes at once. */
export const SLICE = 1000;

/** What became of each that was sent: none after someone stopped it. A slice that is refused as a whole says so for each
 * of its things, and does not keep the next one from being tried. */
export async function inSlices<T extends { id: string }>(
  items: readonly T[],
  { signal, tell }: Steps,
  send: (slice: readonly T[]) => Promise<readonly Result[] | void>,
  size = SLICE,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length && !signal.aborted; start += size) {
    const slice = items.slice(start, start + size);
    results.push(...(await outcomes(slice, send)));
    tell(results.length);
  }
  return results;
}

async function outcomes<T extends { id: string }>(
  slice: readonly T[],
  send: (slice: readonly T[]) => Promise<readonly Result[] | void>,
): Promise<readonly Result[]> {
  try {
    return (await send(slice)) ?? slice.map(({ id }) => ({ id, status: "success" }));
  } catch (error) {
    return slice.map(({ id }) => ({ id, status: "failure", message: (error as Error).message }));
  }
}
