import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { deleteTraces } from "../../api/changes";
import { projectOf, traceOf, type Trace } from "../../api/queries";
import { Actions } from "../../components/Actions";
import { FormDialog } from "../../components/Dialog";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { count } from "../../format/figures";
import { Neighbours } from "../../table/Neighbours";
import { lastSearch } from "../../table/visited";
import { Waterfall } from "../../waterfall/Waterfall";
import page from "../page.module.css";
import { Crumb, PageHead } from "../PageHead";
import { useTitle } from "../title";
import { SpanDetails, TraceDetails } from "./details";
import { Facts } from "./Facts";
import { useSpans } from "./spans";
import styles from "./trace.module.css";

const FROM = "/projects/$projectId/traces/$traceId";
const RUNNING_MS = 2000;

export function TracePage() {
  const { projectId, traceId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const { data: project } = useQuery(projectOf(projectId));
  const { data: trace, error, refetch } = useQuery({
    ...traceOf(traceId),
    refetchInterval: ({ state }) => (state.data && !state.data.end_time ? RUNNING_MS : false),
  });
  const { spans, total, error: spansError } = useSpans(
    projectId,
    traceId,
    trace && !trace.end_time ? RUNNING_MS : false,
  );
  const find = useRef<HTMLInputElement>(null);
  useTitle(trace?.name ?? traceId, project?.name);
  const list = lastSearch("traces", projectId);
  useShortcuts([
    { key: "/", about: "Find spans", run: () => find.current?.focus() },
    {
      key: "u",
      about: "Up to the traces",
      run: () => void navigate({ to: "/projects/$projectId/traces", params: { projectId }, search: list }),
    },
  ]);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!trace) return <Loading rows={12} />;
  const selected = search.span ?? trace.id;
  const select = (id: string) =>
    void navigate({ search: { ...search, span: id === trace.id ? "" : id }, replace: true });
  return (
    <div className={page.page}>
      <PageHead
        crumb={
          <Crumb to="/projects/$projectId/traces" params={{ projectId }} search={list}>
            {project?.name ?? "Project"}
          </Crumb>
        }
        title={trace.name || trace.id}
      >
        <Neighbours
          noun="traces"
          id={traceId}
          onOpen={(id) =>
            void navigate({
              to: "/projects/$projectId/traces/$traceId",
              params: { projectId, traceId: id },
              replace: true,
            })
          }
        />
        <TraceActions trace={trace} />
      </PageHead>
      <Facts trace={trace} />
      <div className={styles.panes}>
        <section className={styles.tree} aria-label="Spans of the trace">
          <div className={styles.find}>
            <input
              ref={find}
              type="search"
              aria-label="Find spans"
              placeholder="Find spans by name, type or model"
              value={search.find ?? ""}
              onChange={(event) => void navigate({ search: { ...search, find: event.target.value }, replace: true })}
            />
            <span className="quiet number" role="status">
              {total === null ? "" : spans.length < total ? `${count(spans.length)} of ${count(total)}` : `${count(total)} spans`}
            </span>
          </div>
          {spansError ? (
            <Problem error={spansError} />
          ) : (
            <Waterfall trace={trace} spans={spans} selected={selected} onSelect={select} find={search.find ?? ""} />
          )}
        </section>
        <section className={styles.details} aria-label="Details" tabIndex={0}>
          {selected === trace.id ? <TraceDetails trace={trace} /> : <SpanDetails key={selected} id={selected} />}
        </section>
      </div>
    </div>
  );
}

function TraceActions({ trace }: { trace: Trace }) {
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const projectId = trace.project_id;
  const copy = (text: string, what: string) => {
    void navigator.clipboard.writeText(text);
    tell(`Copied ${what}`);
  };
  async function remove() {
    await deleteTraces(projectId, [trace.id]);
    tell("Deleted the trace");
    await navigate({ to: "/projects/$projectId/traces", params: { projectId }, search: lastSearch("traces", projectId) });
  }
  return (
    <>
      <Actions
        label="More"
        actions={[
          { label: "Copy the id", run: () => copy(trace.id, "the id") },
          { label: "Copy the link", run: () => copy(window.location.href, "the link") },
          { label: "Delete …", run: () => setAsking(true) },
        ]}
      />
      <FormDialog
        title="Delete this trace?"
        action="Delete"
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => void remove().catch(tellError)}
      >
        <p>Its spans, scores, comments and files go too. This cannot be undone.</p>
      </FormDialog>
    </>
  );
}
