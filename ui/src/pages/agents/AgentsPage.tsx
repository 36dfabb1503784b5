import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { deleteAgent } from "../../api/agentChanges";
import { agentsOf, type AgentSummary } from "../../api/agents";
import { Ago } from "../../components/Ago";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { useShortcuts } from "../../components/shortcuts";
import { Empty, Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import type { Column } from "../../table/column";
import { DataTable } from "../../table/DataTable";
import { useLayout } from "../../table/layout";
import table from "../../table/table.module.css";
import page from "../page.module.css";
import { PageHead } from "../PageHead";
import { useTitle } from "../title";
import { Health } from "./Health";
import { modelOf } from "./model";
import { NewAgent } from "./NewAgent";

const NEWEST = "updated_at desc";
const SORTABLE = ["name", "created_at", "updated_at"];

export function AgentsPage() {
  const search = useSearch({ from: "/agents" });
  const navigate = useNavigate({ from: "/agents" });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<"new" | "delete" | null>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const filter = useRef<HTMLInputElement>(null);
  const layout = useLayout("agents");
  useTitle("Agents");
  const [name, sort] = [search.q ?? "", search.sort ?? NEWEST];
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(agentsOf(name, sort));
  useShortcuts([
    { key: "/", about: "Filter", run: () => filter.current?.focus() },
    { key: "n", about: "New agent", run: () => setAsking("new") },
  ]);
  const change = (changed: typeof search) => void navigate({ search: { ...search, ...changed }, replace: true });
  const agents = data?.pages.flatMap((each) => each.items) ?? [];
  const open = (id: string) => void navigate({ to: "/agents/$agentId", params: { agentId: id } });

  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <div className={page.page}>
      <PageHead title="Agents">
        {(name || agents.length > 0) && (
          <input
            ref={filter}
            type="search"
            aria-label="Filter agents by name"
            placeholder="Filter by name"
            className={table.filter}
            value={name}
            onChange={(event) => change({ q: event.target.value })}
          />
        )}
        <Button look="primary" onPress={() => setAsking("new")}>
          New agent
        </Button>
      </PageHead>
      <div ref={setScroller} className={table.scroller} tabIndex={-1}>
        {!data ? (
          <Loading />
        ) : agents.length === 0 ? (
          <NoAgents name={name} />
        ) : (
          <DataTable<AgentSummary>
            label="agents"
            rows={agents}
            rowId={(agent) => agent.id}
            columns={COLUMNS}
            layout={layout}
            sort={sort}
            sortable={SORTABLE}
            onSort={(next) => change({ sort: next })}
            onOpen={(agent) => open(agent.id)}
            selected={selected}
            onSelect={setSelected}
            scroller={scroller}
          />
        )}
      </div>
      {hasNextPage && (
        <div className={table.footer}>
          <Button onPress={() => void fetchNextPage()}>More agents</Button>
        </div>
      )}
      {selected.size > 0 && (
        <div className={table.bulk} role="toolbar" aria-label="Selected agents">
          <b>{selected.size} selected</b>
          <Button look="danger" onPress={() => setAsking("delete")}>
            Delete …
          </Button>
        </div>
      )}
      <NewAgent isOpen={asking === "new"} onClose={() => setAsking(null)} onMade={open} />
      <FormDialog
        title={selected.size === 1 ? "Delete this agent?" : `Delete ${selected.size} agents?`}
        action="Delete"
        danger
        isOpen={asking === "delete"}
        onClose={() => setAsking(null)}
        onSubmit={() => void removeAll([...selected]).then(() => setSelected(new Set()))}
      >
        <DeletionNote agents={agents.filter((agent) => selected.has(agent.id))} />
      </FormDialog>
    </div>
  );
}

export function DeletionNote({ agents }: { agents: readonly { name: string }[] }) {
  return (
    <p dir="auto">
      {agents.map((agent) => agent.name).join(", ")}: all files and revisions go. Threads and traces stay and can be read,
      but nothing can be said on them any more.
    </p>
  );
}

async function removeAll(ids: readonly string[]) {
  const done = await Promise.allSettled(ids.map(deleteAgent));
  const failed = done.filter((each) => each.status === "rejected");
  for (const { reason } of failed.slice(0, 1)) tellError(reason as Error);
  const count = ids.length - failed.length;
  if (count) tell(count === 1 ? "Deleted the agent" : `Deleted ${count} agents`);
}

const COLUMNS: Column<AgentSummary>[] = [
  {
    id: "name",
    header: "Name",
    size: 220,
    sort: "name",
    cell: (agent) => (
      <Link to="/agents/$agentId" params={{ agentId: agent.id }} className={table.link} dir="auto">
        {agent.name}
      </Link>
    ),
  },
  { id: "model", header: "Model", size: 190, cell: (agent) => modelOf(agent) || <span className="quiet">none</span> },
  {
    id: "description",
    header: "Description",
    size: 260,
    cell: (agent) => (
      <span className={table.clip} dir="auto">
        {agent.description}
      </span>
    ),
  },
  {
    id: "updated",
    header: "Updated",
    size: 110,
    sort: "updated_at",
    cell: ({ updated_at: at }) => <Ago at={at} />,
  },
  {
    id: "created",
    header: "Made",
    size: 110,
    sort: "created_at",
    hidden: true,
    cell: ({ created_at: at }) => <Ago at={at} />,
  },
  { id: "health", header: "Health", size: 150, cell: (agent) => <Health agentId={agent.id} /> },
];

function NoAgents({ name }: { name: string }) {
  if (name) return <p className={page.body}>No agent has “{name}” in its name.</p>;
  return (
    <Empty title="No agents yet">
      <p className="quiet">
        An agent is a model with instructions, tools and files. Make one here, or deploy a folder with the command line:
      </p>
      <pre>{`export LANGSMITH_ENDPOINT=${window.location.origin} LANGSMITH_API_KEY=…
deepagents deploy`}</pre>
    </Empty>
  );
}
