import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { cancelRun, deleteAgentThreads, sendMessage, updateThread } from "../../api/agentChanges";
import { agentOf, runsOf, type AgentThread } from "../../api/agents";
import { Actions } from "../../components/Actions";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import { readInterrupts } from "../../runs/interrupts";
import { turnsOf } from "../../runs/turns";
import { useConversation } from "../../runs/useConversation";
import page from "../page.module.css";
import { Crumb, PageHead } from "../PageHead";
import { useTitle } from "../title";
import { Composer } from "./Composer";
import { Interrupts } from "./Interrupts";
import styles from "./threads.module.css";
import { isUnread, ThreadState, titleOf } from "./ThreadTable";
import { TurnView } from "./TurnView";

const FROM = "/agents/$agentId/threads/$threadId";

/** A conversation with an agent, as it goes on. */
export function ConsolePage() {
  const { agentId, threadId } = useParams({ from: FROM });
  return <Console key={threadId} agentId={agentId} threadId={threadId} />;
}

function Console({ agentId, threadId }: { agentId: string; threadId: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: agent, error: noAgent } = useQuery(agentOf(agentId));
  const conversation = useConversation(threadId);
  const { thread, error, runs, active, link, transcript } = conversation;
  const [sending, setSending] = useState<string | null>(null);
  const queued = sending === null ? conversation.queued : [...conversation.queued, sending];
  const turns = turnsOf(transcript.said[""] ?? [], runs);
  const interrupts = active || !thread ? [] : readInterrupts(thread.interrupts);
  const end = useStickToEnd([transcript, queued.length, interrupts.length]);
  useTitle(thread && titleOf(thread), agent?.name);
  useMarkRead(thread);
  async function send(text: string) {
    setSending(text);
    try {
      await sendMessage(threadId, text);
      await client.refetchQueries({ queryKey: runsOf(threadId).queryKey });
    } finally {
      setSending(null);
    }
  }
  const stop = () => active && void cancelRun(active).then(() => refresh("agent threads"), tellError);
  useShortcuts([
    {
      key: "u",
      about: "Up to the threads",
      run: () => void navigate({ to: "/agents/$agentId/threads", params: { agentId } }),
    },
  ]);
  if (error && !thread) return <Problem error={error} />;
  if (!thread) return <Loading />;
  return (
    <div className={page.page}>
      <PageHead
        crumb={
          <Crumb to="/agents/$agentId/threads" params={{ agentId }}>
            {agent?.name ?? "Agent"}
          </Crumb>
        }
        title={titleOf(thread)}
        state={
          <>
            <ThreadState thread={active ? { ...thread, status: "busy", interrupts: {} } : thread} />
            {link === "lost" && (
              <span role="status" className={styles.lost}>
                The connection was lost, trying again …
              </span>
            )}
          </>
        }
      >
        <ThreadActions agentId={agentId} thread={thread} />
      </PageHead>
      <section className={styles.conversation} aria-label="Conversation" tabIndex={0} ref={end}>
        <ol className={styles.turns}>
          {turns.map((turn, at) => (
            <TurnView key={turn.said[0]?.id ?? at} turn={turn} transcript={transcript} isLast={at === turns.length - 1} />
          ))}
          {queued.map((text, at) => (
            <li key={at} className={styles.queued}>
              <span className="quiet">waiting to be heard</span>
              <p dir="auto">{text}</p>
            </li>
          ))}
        </ol>
        {turns.length === 0 && queued.length === 0 && (
          <p className={styles.nothing}>Nothing was said yet. {agent?.name ?? "The agent"} listens.</p>
        )}
        {thread.error && !active && <Failure error={thread.error} />}
        <Interrupts key={interrupts.map(({ id }) => id).join()} threadId={threadId} interrupts={interrupts} />
      </section>
      {noAgent ? (
        <p className={styles.gone}>The agent was deleted: the thread can be read, but nothing can be said on it.</p>
      ) : (
        <Composer
          isRunning={Boolean(active)}
          isAsked={interrupts.length > 0}
          onSend={send}
          onStop={stop}
        />
      )}
    </div>
  );
}

function Failure({ error }: { error: Record<string, unknown> }) {
  const kind = String(error["error"] ?? "Error");
  if (kind === "UserInterrupt") return <p className={styles.note}>The run was stopped.</p>;
  return (
    <p className={styles.failure} role="note" dir="auto">
      {kind}: {String(error["message"] ?? "")}
    </p>
  );
}

/** Seen is read. */
function useMarkRead(thread: AgentThread | undefined) {
  const unread = thread && isUnread(thread) ? thread.id : null;
  useEffect(() => {
    if (unread) updateThread(unread, { metadata: { read_status: true } }).catch(() => undefined);
  }, [unread]);
}

/** Follows what is new, unless one has scrolled up to read. */
function useStickToEnd(changes: readonly unknown[]) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const note = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    };
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  });
  useLayoutEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, changes);
  return box;
}

function ThreadActions({ agentId, thread }: { agentId: string; thread: AgentThread }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  const [title, setTitle] = useState(thread.title ?? "");
  const isPinned = thread.metadata["is_pinned"] === true;
  async function remove() {
    await deleteAgentThreads([thread.id]);
    tell("Deleted the thread");
    await navigate({ to: "/agents/$agentId/threads", params: { agentId } });
  }
  const change = (next: Parameters<typeof updateThread>[1]) => void updateThread(thread.id, next).catch(tellError);
  return (
    <>
      <Button aria-pressed={isPinned} onPress={() => change({ metadata: { is_pinned: !isPinned } })}>
        {isPinned ? "★ Pinned" : "☆ Pin"}
      </Button>
      <Actions
        label="More"
        actions={[
          { label: "Rename …", run: () => setAsking("rename") },
          { label: "Copy the id", run: () => void navigator.clipboard.writeText(thread.id) },
          { label: "Delete …", run: () => setAsking("delete") },
        ]}
      />
      <FormDialog
        title="Rename the thread"
        action="Rename"
        isOpen={asking === "rename"}
        onClose={() => setAsking(null)}
        onSubmit={() => change({ title: title.trim() || null })}
      >
        <Field label="Title" autoFocus maxLength={255} value={title} onChange={(event) => setTitle(event.target.value)} />
      </FormDialog>
      <FormDialog
        title="Delete this thread?"
        action="Delete"
        danger
        isOpen={asking === "delete"}
        onClose={() => setAsking(null)}
        onSubmit={() => void remove().catch(tellError)}
      >
        <p>What was said on it and its runs go. The traces of the runs stay. This cannot be undone.</p>
      </FormDialog>
    </>
  );
}
