import { Link, linkOptions, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";

import type { Subject } from "../../api/changes";
import type { Trace } from "../../api/queries";
import { count } from "../../format/figures";
import type { Column } from "../../table/column";
import { RecordTable } from "../../table/RecordTable";
import styles from "../../table/table.module.css";
import { FirstTrace } from "../FirstTrace";
import { payloadColumn, scoreColumns, sharedColumns } from "../records";

const FROM = "/projects/$projectId/traces";

export function TracesPage() {
  const { projectId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const router = useRouter();
  const page = (trace: Trace) =>
    linkOptions({ to: "/projects/$projectId/traces/$traceId", params: { projectId, traceId: trace.id } });
  return (
    <RecordTable
      noun="traces"
      projectId={projectId}
      search={search}
      onSearch={(next) => void navigate({ search: next })}
      columns={columns}
      rowId={(trace) => trace.id}
      onOpen={(trace) => void navigate(page(trace))}
      onPoint={(trace) => void router.preloadRoute(page(trace))}
      isBad={(trace) => Boolean(trace.error_info)}
      subjectOf={subjectOf}
      empty={<FirstTrace title="No traces in this project" />}
    />
  );
}

export function subjectOf(trace: Trace): Subject {
  const { id, name, project_id: projectId, tags } = trace;
  return { noun: "traces", id, label: name ?? id, projectId, tags: tags ?? [] };
}

function columns(names: readonly string[]): Column<Trace>[] {
  return [
    {
      id: "name",
      header: "Name",
      size: 190,
      sort: "name",
      cell: (trace) => (
        <Link
          to="/projects/$projectId/traces/$traceId"
          params={{ projectId: trace.project_id, traceId: trace.id }}
          className={styles.link}
          dir="auto"
        >
          {trace.name || trace.id}
        </Link>
      ),
    },
    payloadColumn("input", "Input", (trace: Trace) => trace.input),
    payloadColumn("output", "Output", (trace: Trace) => trace.output),
    ...sharedColumns<Trace>(),
    ...scoreColumns<Trace>(names),
    {
      id: "error",
      header: "Error",
      size: 140,
      sort: "error_info",
      hidden: true,
      cell: (trace) => (trace.error_info as { exception_type?: string } | null)?.exception_type,
    },
    { id: "spans", header: "Spans", size: 70, sort: "span_count", numeric: true, cell: (trace) => count(trace.span_count) },
    {
      id: "thread",
      header: "Thread",
      size: 130,
      sort: "thread_id",
      cell: (trace) =>
        trace.thread_id && (
          <Link
            to="/projects/$projectId/threads/$threadId"
            params={{ projectId: trace.project_id, threadId: trace.thread_id }}
            className={styles.clip}
          >
            {trace.thread_id}
          </Link>
        ),
    },
    { id: "id", header: "Id", size: 270, sort: "id", hidden: true, cell: (trace) => <code>{trace.id}</code> },
  ];
}
