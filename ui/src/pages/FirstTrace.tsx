import { API_BASE } from "../api/client";
import { Button } from "../components/Button";
import { Empty } from "../components/states";
import { tell } from "../components/toasts";
import styles from "./page.module.css";

function program(project: string): string {
  return `# pip install opik
import os
os.environ["OPIK_URL_OVERRIDE"] = "${API_BASE}"
import opik

@opik.track(project_name=${JSON.stringify(project)})
def answer(question: str) -> str:
    return f"You asked: {question}"

answer("What is a trace?")
opik.flush_tracker()`;
}

/** What teaches to record, where nothing is recorded yet. */
export function FirstTrace({ project = "first steps", title }: { project?: string; title: string }) {
  const text = program(project);
  return (
    <Empty title={title}>
      <p className="quiet">Run these ten lines. What they record shows up here by itself.</p>
      <pre className={styles.code} tabIndex={0} aria-label="Example program">
        {text}
      </pre>
      <Button
        onPress={() => {
          void navigator.clipboard.writeText(text);
          tell("Copied");
        }}
      >
        Copy
      </Button>
      <p className="quiet">
        OpenTelemetry exporters send to <code>{API_BASE}/v1/private/otel</code>
      </p>
    </Empty>
  );
}
