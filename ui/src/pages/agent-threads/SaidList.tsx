import { JsonTree } from "../../payload/JsonTree";
import { LongText } from "../../payload/LongText";
import { subagentsOf, type Call, type Said, type Transcript } from "../../runs/transcript";
import styles from "./threads.module.css";

interface Props {
  said: readonly Said[];
  transcript: Transcript;
  namespace: string;
  isRunning: boolean;
}

/** What was said, with the results of calls below them, and what subagents said within the call that started them. */
export function SaidList({ said, transcript, namespace, isRunning }: Props) {
  const subagents = subagentsOf(transcript, namespace);
  const results = new Map(said.filter((each) => each.callId).map((each) => [each.callId, each]));
  const calls = new Set(said.flatMap((each) => each.calls.map((call) => call.id)));
  return (
    <>
      {said.map((each, at) => {
        if (each.callId && calls.has(each.callId)) return null;
        const isLast = at === said.length - 1;
        return (
          <div key={each.id || at} className={styles.said} data-role={each.role}>
            {(each.text || !each.calls.length) && (
              <div className={styles.words}>
                <span className="hidden-text">{each.role}: </span>
                <LongText text={each.text} />
                {isLast && isRunning && each.role === "assistant" && <span className={styles.caret} aria-hidden />}
              </div>
            )}
            {each.calls.map((call, place) => (
              <CallView
                key={call.id || place}
                call={call}
                result={results.get(call.id)}
                inner={subagents.get(call.id)}
                transcript={transcript}
                isRunning={isRunning}
              />
            ))}
          </div>
        );
      })}
      {isRunning && said.at(-1)?.role === "user" && <p className={styles.thinking} role="status">Thinking …</p>}
    </>
  );
}

interface CallProps {
  call: Call;
  result: Said | undefined;
  inner: string | undefined;
  transcript: Transcript;
  isRunning: boolean;
}

function CallView({ call, result, inner, transcript, isRunning }: CallProps) {
  const state = result ? (result.failed ? "failed" : "done") : isRunning ? "running" : "not done";
  return (
    <details className={styles.call} open={inner && isRunning && !result ? true : undefined}>
      <summary>
        <code>{call.name}</code>
        <span className={styles.glance} dir="auto">
          {glance(call)}
        </span>
        <span className={styles.state} data-state={state}>
          {state}
        </span>
      </summary>
      <div className={styles.inside}>
        {call.args === undefined ? <code>{call.partial}</code> : <JsonTree value={call.args} />}
        {inner && (
          <div className={styles.subagent} role="group" aria-label="What the subagent said">
            <SaidList said={(transcript.said[inner] ?? []).slice(1)} transcript={transcript} namespace={inner} isRunning={isRunning && !result} />
          </div>
        )}
        {result && (
          <div className={styles.result} data-failed={result.failed || undefined}>
            <span className="quiet">{result.failed ? "error" : "result"}</span>
            <LongText text={result.text} />
          </div>
        )}
      </div>
    </details>
  );
}

const GLANCE = 120;

function glance({ args, partial }: Call): string {
  if (typeof args !== "object" || args === null) return (partial ?? "").slice(0, GLANCE);
  const texts = Object.values(args).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return texts.join(", ").slice(0, GLANCE);
}
