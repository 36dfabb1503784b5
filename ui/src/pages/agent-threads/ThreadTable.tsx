import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { threadsOf, type ListedThread, type View } from "../../api/agents";
import { Ago } from "../../components/Ago";
import { Choice } from "../../components/Choice";
import { Empty, Loading, Problem } from "../../components/states";
import { Tag } from "../../components/Tag";
import { summary } from "../../runs/interrupts";
import type { Column } from "../../table/column";
import { DataTable } from "../../table/DataTable";
import { useLayout } from "../../table/layout";
import { Pager } from "../../table/Pager";
import table from "../../table/table.module.css";
import pageStyles from "../page.module.css";
import styles from "./threads.module.css";
import { ThreadBulk } from "./ThreadBulk";
import type { ThreadSearch } from "./search";

const SIZE = 50;
const REFRESH_MS = 4000;

const LABELS: { value: View; label: string }[] = [
  { value: "", label: "What needs attention first" },
  { value: "attention", label: "Only what needs attention" },
  { value: "busy", label: "Running" },
  { value: "pinned", label: "Pinned" },
  { value: "tests", label: "Test threads" },
];

interface Props {
  /** All agents when empty. */
  agentId: string;
  search: ThreadSearch;
  onSearch: (search: ThreadSearch) => void;
}

export function ThreadTable({ agentId, search, onSearch }: Props) {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const layout = useLayout("agent threads");
  const { view = "", page = 1 } = search;
  const list = threadsOf({ view, agentId, page, size: SIZE });
  const { data, error, refetch } = useQuery({ ...list, refetchInterval: REFRESH_MS });
  const change = (next: ThreadSearch) => {
    setSelected(new Set());
    onSearch(next);
  };
  const open = ({ agentId: of, id: threadId }: ListedThread) =>
    void navigate({ to: "/agents/$agentId/threads/$threadId", params: { agentId: of, threadId } });
  const threads = data?.threads ?? [];
  return (
    <div className={table.frame}>
      <div className={table.toolbar}>
        <Choice label="Which threads" value={view} options={LABELS} onChange={(next) => change({ view: next })} />
      </div>
      <div ref={setScroller} className={table.scroller} tabIndex={-1}>
        {error && !data ? (
          <Problem error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Loading />
        ) : threads.length === 0 ? (
          <NoThreads view={view} agentId={agentId} />
        ) : (
          <DataTable<ListedThread>
            label="threads of agents"
            rows={threads}
            rowId={(thread) => thread.id}
            columns={agentId ? OF_ONE_AGENT : COLUMNS}
            layout={layout}
            sort=""
            sortable={[]}
            onSort={() => undefined}
            onOpen={open}
            selected={selected}
            onSelect={setSelected}
            scroller={scroller}
            isBad={(thread) => thread.status === "error"}
          />
        )}
      </div>
      {selected.size > 0 && (
        <div className={table.bulk} role="toolbar" aria-label="Selected threads">
          <ThreadBulk threads={threads.filter((thread) => selected.has(thread.id))} clear={() => setSelected(new Set())} />
        </div>
      )}
      <div className={table.footer}>
        <span className={pageStyles.grow} />
        <Pager page={page} size={SIZE} total={data?.total ?? 0} onPage={(next) => change({ ...search, page: next })} />
      </div>
    </div>
  );
}

export function titleOf({ title, metadata }: Pick<ListedThread, "title" | "metadata">): string {
  return title || String(metadata["first_message_preview"] ?? "") || "New thread";
}

export function isUnread({ status, metadata }: Pick<ListedThread, "status" | "metadata">): boolean {
  return status === "idle" && metadata["read_status"] === false;
}

export function ThreadState({ thread }: { thread: Pick<ListedThread, "status" | "metadata" | "interrupts"> }) {
  const asks = summary(thread.interrupts);
  if (asks) return <Tag text={`asks: ${asks}`} look="warn" />;
  if (thread.status === "error") return <Tag text="failed" look="bad" />;
  if (thread.status === "busy") return <Tag text="running" look="good" />;
  if (thread.status === "interrupted") return <Tag text="stopped" look="warn" />;
  return isUnread(thread) ? <Tag text="unread" look="good" /> : <span className="quiet">read</span>;
}

const COLUMNS: Column<ListedThread>[] = [
  { id: "state", header: "State", size: 150, cell: (thread) => <ThreadState thread={thread} /> },
  {
    id: "title",
    header: "Thread",
    size: 340,
    cell: (thread) => (
      <>
        {thread.metadata["is_pinned"] === true && (
          <span role="img" aria-label="pinned" title="Pinned">
            ★
          </span>
        )}
        <Link
          to="/agents/$agentId/threads/$threadId"
          params={{ agentId: thread.agentId, threadId: thread.id }}
          className={isUnread(thread) ? table.link : `${table.link} ${styles.read}`}
          dir="auto"
        >
          {titleOf(thread)}
        </Link>
      </>
    ),
  },
  {
    id: "agent",
    header: "Agent",
    size: 180,
    cell: (thread) => (
      <Link to="/agents/$agentId" params={{ agentId: thread.agentId }} className={table.clip} dir="auto">
        {String(thread.metadata["agent_name"] ?? "not run yet")}
      </Link>
    ),
  },
  {
    id: "active",
    header: "Last active",
    size: 110,
    cell: ({ activeAt }) => <Ago at={activeAt} />,
  },
];

const OF_ONE_AGENT = COLUMNS.filter((column) => column.id !== "agent");

function NoThreads({ view, agentId }: { view: View; agentId: string }) {
  if (view === "attention") return <Empty title="Nothing waits for you" />;
  if (view) return <Empty title="No threads of this kind" />;
  return (
    <Empty title="No threads yet">
      {agentId ? (
        <p className="quiet">A thread is a conversation with the agent. “New thread” begins one.</p>
      ) : (
        <p className="quiet">
          Conversations with <Link to="/agents">agents</Link> are here: those that wait for you come first.
        </p>
      )}
    </Empty>
  );
}
