import { useQuery } from "@tanstack/react-query";

import { Annotations } from "../../annotate/Annotations";
import { spanOf, type Trace } from "../../api/queries";
import { SpanType } from "../../components/SpanType";
import { Loading, Problem } from "../../components/states";
import { cost, count, duration } from "../../format/figures";
import { Payload } from "../../payload/Payload";
import { subjectOf as subjectOfSpan } from "../spans/SpansPage";
import { subjectOf as subjectOfTrace } from "../traces/TracesPage";
import { Attachments } from "./Attachments";
import { Fact } from "./Facts";
import styles from "./trace.module.css";

export function TraceDetails({ trace }: { trace: Trace }) {
  return (
    <>
      <ErrorInfo error={trace.error_info} />
      <Payload title="Input" value={trace.input} />
      <Payload title="Output" value={trace.output} />
      <Attachments projectId={trace.project_id} entity="trace" id={trace.id} />
      <Annotations subject={subjectOfTrace(trace)} scores={trace.feedback_scores ?? []} comments={trace.comments ?? []} />
      <Payload title="Metadata" value={trace.metadata} />
    </>
  );
}

export function SpanDetails({ id }: { id: string }) {
  const { data: span, error, refetch } = useQuery(spanOf(id));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!span) return <Loading />;
  return (
    <>
      <h2 dir="auto">{span.name || span.id}</h2>
      <dl className={styles.facts}>
        <Fact name="Type" value={<SpanType type={span.type} />} />
        <Fact name="Duration" value={span.end_time ? duration(span.duration) : "running"} />
        {span.model && <Fact name="Model" value={span.model} />}
        {span.provider && <Fact name="Provider" value={span.provider} />}
        {span.total_estimated_cost != null && <Fact name="Cost" value={cost(span.total_estimated_cost)} />}
        {Object.entries(span.usage ?? {})
          .filter(([key]) => !key.startsWith("original_usage."))
          .map(([key, tokens]) => (
            <Fact key={key} name={key.replaceAll("_", " ")} value={count(tokens)} />
          ))}
      </dl>
      <ErrorInfo error={span.error_info} />
      <Payload title="Input" value={span.input} />
      <Payload title="Output" value={span.output} />
      <Attachments projectId={span.project_id} entity="span" id={span.id} />
      <Annotations subject={subjectOfSpan(span)} scores={span.feedback_scores ?? []} comments={span.comments ?? []} />
      <Payload title="Metadata" value={span.metadata} />
    </>
  );
}

interface StoredError {
  exception_type?: string;
  message?: string;
  traceback?: string;
}

function ErrorInfo({ error }: { error: unknown }) {
  if (!error) return null;
  const { exception_type, message, traceback } = error as StoredError;
  return (
    <section className={styles.error} aria-label="Error">
      <h3 dir="auto">
        {exception_type || "Error"}
        {message ? `: ${message}` : ""}
      </h3>
      {traceback && (
        <details>
          <summary>Traceback</summary>
          <pre tabIndex={0}>{traceback}</pre>
        </details>
      )}
    </section>
  );
}
