import { useState } from "react";

import { Button } from "../../components/Button";
import { TextArea } from "../../components/Field";
import { JsonTree } from "../../payload/JsonTree";
import type { Asked, Decision, DecisionType } from "../../runs/interrupts";
import { isJson, parseExactly } from "../../payload/exact";
import styles from "./threads.module.css";

interface Props {
  asked: Asked;
  decision: Decision | undefined;
  onDecide: (decision: Decision) => void;
  onChange: () => void;
  isDisabled: boolean;
}

const LABELS: Record<DecisionType, string> = { approve: "Approve", edit: "Edit …", reject: "Reject …", respond: "Respond …" };
const DONE: Record<DecisionType, string> = { approve: "Approved", edit: "Edited", reject: "Rejected", respond: "Answered" };
const PROMPTS = {
  edit: { label: "Arguments, as a JSON object", action: "Run it like this" },
  reject: { label: "Why not? The agent reads it. It may be empty.", action: "Reject" },
  respond: { label: "What the tool would have said", action: "Respond" },
};

/** One call of a tool that waits for a yes. */
export function InterruptCard({ asked, decision, onDecide, onChange, isDisabled }: Props) {
  const [editing, setEditing] = useState<"edit" | "reject" | "respond" | null>(null);
  const [text, setText] = useState("");
  const args = editing === "edit" ? parsedObject(text) : null;
  const isReady = editing === "reject" || (editing === "edit" ? args !== null : text.trim() !== "");

  function begin(type: DecisionType) {
    if (type === "approve") {
      onDecide({ type });
      return;
    }
    setText(type === "edit" ? JSON.stringify(asked.args, null, 2) : "");
    setEditing(type);
  }
  function submit() {
    if (!isReady) return;
    if (editing === "edit") onDecide({ type: "edit", edited_action: { name: asked.name, args } });
    else if (editing === "respond") onDecide({ type: "respond", message: text });
    else onDecide({ type: "reject", ...(text.trim() ? { message: text } : {}) });
    setEditing(null);
  }

  return (
    <div className={styles.card} role="group" aria-label={`May ${asked.name} run?`}>
      <h2>
        May <code>{asked.name}</code> run?
      </h2>
      <JsonTree value={asked.args} />
      {decision ? (
        <div className={styles.cardButtons}>
          <b>{DONE[decision.type]}</b>
          <Button look="plain" isDisabled={isDisabled} onPress={onChange}>
            Decide again
          </Button>
        </div>
      ) : editing ? (
        <form
          className={styles.answer}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") setEditing(null);
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.stopPropagation();
            submit();
          }}
        >
          <TextArea
            label={PROMPTS[editing].label}
            autoFocus
            rows={editing === "edit" ? 7 : 3}
            spellCheck={editing !== "edit"}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {editing === "edit" && args === null && <p role="status">This is no JSON object yet.</p>}
          <div className={styles.cardButtons}>
            <Button type="submit" look="primary" isDisabled={!isReady || isDisabled}>
              {PROMPTS[editing].action}
            </Button>
            <Button onPress={() => setEditing(null)}>Back</Button>
          </div>
        </form>
      ) : (
        <div className={styles.cardButtons}>
          {asked.allowed.map((type) => (
            <Button key={type} look={type === "approve" ? "primary" : undefined} isDisabled={isDisabled} onPress={() => begin(type)}>
              {LABELS[type]}
            </Button>
          ))}
          {asked.allowed.includes("approve") && <kbd>Ctrl Enter</kbd>}
        </div>
      )}
    </div>
  );
}

function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const value = parseExactly(text);
    return isJson(value) ? value : null;
  } catch {
    return null;
  }
}
