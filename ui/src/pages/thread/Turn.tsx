import { Link } from "@tanstack/react-router";

import type { Trace } from "../../api/queries";
import { Tag } from "../../components/Tag";
import { cost, duration, score } from "../../format/figures";
import { fullTime, shortTime } from "../../format/times";
import { Conversation } from "../../payload/Conversation";
import { JsonTree } from "../../payload/JsonTree";
import { LongText } from "../../payload/LongText";
import { findMessages, onlyText, type Message } from "../../payload/messages";
import styles from "./thread.module.css";

/** What one trace adds to its thread: what was asked, what was answered, and the way to how that came about. */
export function Turn({ trace }: { trace: Trace }) {
  const { exception_type, message } = (trace.error_info ?? {}) as { exception_type?: string; message?: string };
  return (
    <li className={styles.turn}>
      <Said role="user" value={trace.input} of={lastAsked} />
      {trace.error_info ? (
        <p className={styles.failed} role="note" dir="auto">
          {exception_type}: {message}
        </p>
      ) : (
        <Said role="assistant" value={trace.output} of={(messages) => messages} />
      )}
      <div className={styles.about}>
        <Link
          to="/projects/$projectId/traces/$traceId"
          params={{ projectId: trace.project_id, traceId: trace.id }}
          dir="auto"
        >
          {trace.name || "Trace"} →
        </Link>
        {trace.start_time && <time title={fullTime(trace.start_time)}>{shortTime(trace.start_time)}</time>}
        <span className="number">{duration(trace.duration)}</span>
        {trace.total_estimated_cost ? <span className="number">{cost(trace.total_estimated_cost)}</span> : null}
        {trace.feedback_scores?.map((each) => (
          <Tag key={each.name} text={`${each.name} ${each.category_name || score(each.value)}`} />
        ))}
      </div>
    </li>
  );
}

interface SaidProps {
  role: string;
  value: unknown;
  of: (messages: Message[]) => Message[];
}

function Said({ role, value, of }: SaidProps) {
  if (value === undefined || value === null) return null;
  const messages = findMessages(value);
  if (messages) return <Conversation messages={of(messages)} />;
  const text = onlyText(value);
  if (text !== null) return <Conversation messages={[{ role, parts: [{ type: "text", text }] }]} />;
  return (
    <div className={styles.payload} data-role={role}>
      {typeof value === "string" ? <LongText text={value} /> : <JsonTree value={value} />}
    </div>
  );
}

/** What came before was said in earlier turns. */
function lastAsked(messages: Message[]): Message[] {
  const at = messages.findLastIndex((message) => message.role === "assistant");
  const asked = messages.slice(at + 1).filter((message) => message.role !== "system");
  return asked.length ? asked : messages.slice(-1);
}
