import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Trace } from "../../api/queries";
import { Tag } from "../../components/Tag";
import { cost, count, duration } from "../../format/figures";
import { fullTime, shortTime } from "../../format/times";
import { isJson } from "../../payload/exact";
import styles from "./trace.module.css";

/** The figures of a trace in one line. */
export function Facts({ trace }: { trace: Trace }) {
  const { usage = {} } = trace;
  return (
    <dl className={styles.facts}>
      {trace.error_info ? <Fact name="Status" value={<Tag text="error" look="bad" />} /> : null}
      {!trace.error_info && !trace.end_time ? <Fact name="Status" value={<Tag text="running" look="warn" />} /> : null}
      <Fact name="Duration" value={duration(trace.duration)} />
      <Fact name="Cost" value={cost(trace.total_estimated_cost)} />
      {usage?.["total_tokens"] != null && (
        <Fact
          name="Tokens"
          value={
            <span title={Object.entries(usage).map(([key, tokens]) => `${key}: ${count(tokens)}`).join("\n")}>
              {count(usage["prompt_tokens"])} in, {count(usage["completion_tokens"])} out
            </span>
          }
        />
      )}
      {trace.ttft != null && <Fact name="First token" value={duration(trace.ttft)} />}
      <Fact name="Spans" value={count(trace.span_count)} />
      {trace.start_time && (
        <Fact name="Started" value={<time title={fullTime(trace.start_time)}>{shortTime(trace.start_time)}</time>} />
      )}
      {trace.environment && <Fact name="Environment" value={trace.environment} />}
      {trace.thread_id && (
        <Fact
          name="Thread"
          value={
            <Link
              to="/projects/$projectId/threads/$threadId"
              params={{ projectId: trace.project_id, threadId: trace.thread_id }}
            >
              {trace.thread_id}
            </Link>
          }
        />
      )}
      <AgentFact metadata={trace.metadata} />
      {trace.guardrails_validations?.length ? (
        <Fact
          name="Guardrails"
          value={trace.guardrails_validations
            .flatMap((validation) => validation.checks)
            .map((check, at) => (
              <Tag key={at} text={check.name} look={check.result === "failed" ? "bad" : "good"} />
            ))}
        />
      ) : null}
    </dl>
  );
}

/** A run of an agent says in its metadata where it was asked for. */
function AgentFact({ metadata }: { metadata: unknown }) {
  if (!isJson(metadata)) return null;
  const { agent_id: agentId, thread_id: threadId, run_id: runId } = metadata;
  if (typeof agentId !== "string" || typeof threadId !== "string" || !runId) return null;
  return (
    <Fact
      name="Run of an agent"
      value={
        <Link to="/agents/$agentId/threads/$threadId" params={{ agentId, threadId }}>
          ← To the conversation
        </Link>
      }
    />
  );
}

export function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
