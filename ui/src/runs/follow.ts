/** What a run tells, from its first event to its last, whatever happens to the connection meanwhile. */

import type { Run } from "../api/agents";
import { answer, api, ApiError } from "../api/client";
import { readEvents, type StreamEvent } from "./events";
import { isActive } from "./turns";

export type Link = "live" | "lost";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/** Ends when the run has ended and all of it was told. Throws ApiError when there is no such run, and what the signal
 * was aborted with. */
export async function* follow(
  { thread_id, run_id }: Run,
  signal: AbortSignal,
  onLink: (link: Link) => void,
): AsyncGenerator<StreamEvent> {
  const path = { thread_id, run_id };
  let last = "";
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const headers = last ? { "Last-Event-ID": last } : {};
      const request = { params: { path }, headers, signal, parseAs: "stream" as const };
      const body = await answer(api.GET("/v1/deepagents/threads/{thread_id}/runs/{run_id}/stream", request));
      onLink("live");
      for await (const event of readEvents(body as unknown as ReadableStream<Uint8Array>)) {
        last = event.id || last;
        pause = FIRST_PAUSE_MS;
        yield event;
      }
      const run = await answer(
        api.GET("/v1/deepagents/threads/{thread_id}/runs/{run_id}", { params: { path }, signal }),
      );
      if (!isActive(run)) return;
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500)) throw error;
    }
    onLink("lost");
    await waited(pause, signal);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
