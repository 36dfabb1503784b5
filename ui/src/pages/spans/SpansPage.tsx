import { Link, linkOptions, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";

import type { Subject } from "../../api/changes";
import type { Span } from "../../api/queries";
import { SpanType } from "../../components/SpanType";
import { Empty } from "../../components/states";
import type { Column } from "../../table/column";
import { RecordTable } from "../../table/RecordTable";
import styles from "../../table/table.module.css";
import { payloadColumn, scoreColumns, sharedColumns } from "../records";

const FROM = "/projects/$projectId/spans";

export function SpansPage() {
  const { projectId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const router = useRouter();
  const page = (span: Span) =>
    linkOptions({
      to: "/projects/$projectId/traces/$traceId",
      params: { projectId, traceId: span.trace_id },
      search: { span: span.id },
    });
  return (
    <RecordTable
      noun="spans"
      projectId={projectId}
      search={search}
      onSearch={(next) => void navigate({ search: next })}
      columns={columns}
      rowId={(span) => span.id}
      onOpen={(span) => void navigate(page(span))}
      onPoint={(span) => void router.preloadRoute(page(span))}
      isBad={(span) => Boolean(span.error_info)}
      subjectOf={subjectOf}
      empty={
        <Empty title="No spans in this project">
          <p className="quiet">A function decorated with @opik.track that is called by another one becomes a span.</p>
        </Empty>
      }
    />
  );
}

export function subjectOf(span: Span): Subject {
  const { id, name, project_id: projectId, trace_id: traceId, tags } = span;
  return { noun: "spans", id, label: name ?? id, projectId, traceId, tags: tags ?? [] };
}

function columns(names: readonly string[]): Column<Span>[] {
  return [
    { id: "type", header: "Type", size: 90, sort: "type", cell: (span) => <SpanType type={span.type} /> },
    {
      id: "name",
      header: "Name",
      size: 180,
      sort: "name",
      cell: (span) => (
        <Link
          to="/projects/$projectId/traces/$traceId"
          params={{ projectId: span.project_id, traceId: span.trace_id }}
          search={{ span: span.id }}
          className={styles.link}
          dir="auto"
        >
          {span.name || span.id}
        </Link>
      ),
    },
    payloadColumn("input", "Input", (span: Span) => span.input),
    payloadColumn("output", "Output", (span: Span) => span.output),
    { id: "model", header: "Model", size: 150, sort: "model", cell: (span) => <span className={styles.clip}>{span.model}</span> },
    { id: "provider", header: "Provider", size: 100, sort: "provider", hidden: true, cell: (span) => span.provider },
    ...sharedColumns<Span>(),
    ...scoreColumns<Span>(names),
    { id: "id", header: "Id", size: 270, sort: "id", hidden: true, cell: (span) => <code>{span.id}</code> },
  ];
}
