import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { agentThreadOf, runsOf, type AgentThread, type Run } from "../api/agents";
import { tellError } from "../components/toasts";
import { refresh } from "../query";
import { follow, type Link } from "./follow";
import type { StreamEvent } from "./events";
import { after, NOTHING_SAID, readMessages, type Transcript } from "./transcript";
import { inputOf, isActive } from "./turns";

/** Pieces that come within so long are shown together. */
const FRAME_MS = 32;
const IDLE_MS = 5000;

export interface Conversation {
  thread: AgentThread | undefined;
  error: Error | null;
  runs: readonly Run[];
  /** The run that goes on. */
  active: Run | undefined;
  link: Link | null;
  transcript: Transcript;
  /** What was sent and no run has taken up yet. */
  queued: readonly string[];
}

/** A thread as it is and, while it runs, as it comes about. */
export function useConversation(threadId: string): Conversation {
  const client = useQueryClient();
  const thread = useQuery({ ...agentThreadOf(threadId), refetchInterval: IDLE_MS });
  const { data: runs = [] } = useQuery({ ...runsOf(threadId), refetchInterval: IDLE_MS });
  const [live, setLive] = useState<Transcript>(NOTHING_SAID);
  const [link, setLink] = useState<Link | null>(null);
  const active = runs.findLast(isActive);
  const activeId = active?.run_id;

  useEffect(() => {
    if (!active) return;
    const leave = new AbortController();
    setLive((before) => ({ ...before, failure: null }));
    void showRun(active, leave.signal, setLink, (events) => setLive((before) => events.reduce(after, before)))
      .catch((error: unknown) => {
        if (!leave.signal.aborted) tellError(error as Error);
      })
      .finally(async () => {
        if (leave.signal.aborted) return;
        await settle(client, threadId);
        setLink(null);
        setLive((before) => ({ ...before, said: withoutOwn(before.said) }));
        refresh("agent threads", "traces", "threads", "projects");
      });
    return () => leave.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the same run, told of anew, is followed on
  }, [activeId, threadId, client]);

  const stored = useMemo(() => readMessages(thread.data?.values), [thread.data]);
  const transcript = useMemo(
    () => (live.said[""] ? live : { ...live, said: { ...live.said, "": stored } }),
    [live, stored],
  );
  const waiting = runs.filter((run) => isActive(run) && (run !== active || !live.said[""]));
  return {
    thread: thread.data,
    error: thread.error,
    runs,
    active,
    link,
    transcript,
    queued: waiting.reverse().flatMap(inputOf),
  };
}

/** What the agent itself said is in the thread now; what its subagents said is nowhere else. */
function withoutOwn({ "": _, ...inner }: Transcript["said"]): Transcript["said"] {
  return inner;
}

async function settle(client: QueryClient, threadId: string) {
  await client.refetchQueries({ queryKey: agentThreadOf(threadId).queryKey, exact: true });
  await client.refetchQueries({ queryKey: runsOf(threadId).queryKey });
}

async function showRun(
  run: Run,
  signal: AbortSignal,
  onLink: (link: Link) => void,
  show: (events: StreamEvent[]) => void,
) {
  let gathered: StreamEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    const events = gathered;
    gathered = [];
    if (!signal.aborted) show(events);
  };
  for await (const event of follow(run, signal, onLink)) {
    gathered.push(event);
    timer ??= setTimeout(flush, FRAME_MS);
  }
  if (timer) clearTimeout(timer);
  flush();
}
