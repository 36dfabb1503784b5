import { Link } from "@tanstack/react-router";

import type { Run } from "../../api/agents";
import { duration } from "../../format/figures";
import { fullTime, shortTime } from "../../format/times";
import type { Transcript } from "../../runs/transcript";
import { isActive, type Turn } from "../../runs/turns";
import { SaidList } from "./SaidList";
import styles from "./threads.module.css";

const WORDS: Record<Run["status"], string> = {
  pending: "waits",
  running: "running …",
  success: "done",
  error: "failed",
  timeout: "took too long",
  interrupted: "asks",
};

/** What a human said, what came of it, and the way to how that came about. */
export function TurnView({ turn, transcript, isLast }: { turn: Turn; transcript: Transcript; isLast: boolean }) {
  const isRunning = turn.runs.some(isActive);
  return (
    <li className={styles.turn}>
      <SaidList said={turn.said} transcript={transcript} namespace="" isRunning={isLast && isRunning} />
      {isLast && transcript.failure && <p className={styles.failure}>{transcript.failure}</p>}
      {turn.runs.map((run) => (
        <RunLine key={run.run_id} run={run} />
      ))}
    </li>
  );
}

function RunLine({ run }: { run: Run }) {
  const ms = Date.parse(run.updated_at) - Date.parse(run.created_at);
  return (
    <div className={styles.about}>
      <span data-status={run.status}>{run.status === "interrupted" && run.error ? "stopped" : WORDS[run.status]}</span>
      <time dateTime={run.created_at} title={fullTime(run.created_at)}>
        {shortTime(run.created_at)}
      </time>
      {!isActive(run) && <span className="number">{duration(ms)}</span>}
      {run.trace_id && (
        <Link to="/traces/$traceId" params={{ traceId: run.trace_id }}>
          Trace →
        </Link>
      )}
    </div>
  );
}
