import { useState } from "react";

import { resolveInterrupt, resume } from "../../api/agentChanges";
import { Button } from "../../components/Button";
import { TextArea } from "../../components/Field";
import { useShortcuts } from "../../components/shortcuts";
import { tell, tellError } from "../../components/toasts";
import { parseExactly } from "../../payload/exact";
import { JsonTree } from "../../payload/JsonTree";
import { refresh } from "../../query";
import { resumeOf, type Decision, type Interrupt } from "../../runs/interrupts";
import { InterruptCard } from "./InterruptCard";
import styles from "./threads.module.css";

/** What a run asks of a human. It goes on when all of it is answered, at once. */
export function Interrupts({ threadId, interrupts }: { threadId: string; interrupts: readonly Interrupt[] }) {
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const [isSending, setSending] = useState(false);
  const calls = interrupts.flatMap(({ id, asked }) => (asked ?? []).map((each, at) => ({ key: `${id} ${at}`, asked: each })));
  const free = interrupts.filter(({ asked }) => asked === null);
  const open = calls.filter(({ key }) => !decisions.has(key));

  async function send(given: ReadonlyMap<string, Decision>) {
    const answers = new Map<string, unknown>(
      interrupts.map(({ id, asked }) => [id, asked ? asked.map((_, at) => given.get(`${id} ${at}`)) : parsed(values.get(id) ?? "")]),
    );
    setSending(true);
    try {
      await resume(threadId, resumeOf(interrupts, answers));
      refresh("agent threads");
    } catch (error) {
      setSending(false);
      tellError(error as Error);
    }
  }
  function decide(key: string, decision: Decision) {
    const given = new Map(decisions).set(key, decision);
    setDecisions(given);
    if (given.size === calls.length && free.length === 0) void send(given);
  }
  function approveAll() {
    const given = new Map(decisions);
    for (const { key, asked } of open) if (asked.allowed.includes("approve")) given.set(key, { type: "approve" });
    setDecisions(given);
    if (given.size === calls.length && free.length === 0) void send(given);
  }
  useShortcuts([{ key: "Mod+enter", about: "Approve", run: () => !isSending && interrupts.length > 0 && approveAll() }]);
  if (!interrupts.length) return null;
  return (
    <div className={styles.interrupts} role="group" aria-label="What the agent asks">
      {calls.map(({ key, asked }) => (
        <InterruptCard
          key={key}
          asked={asked}
          decision={decisions.get(key)}
          onDecide={(decision) => decide(key, decision)}
          onChange={() => setDecisions(new Map([...decisions].filter(([other]) => other !== key)))}
          isDisabled={isSending}
        />
      ))}
      {free.map(({ id, value }) => (
        <div key={id} className={styles.card} role="group" aria-label="Question">
          <JsonTree value={value} />
          <TextArea
            label="Answer, as text or JSON"
            value={values.get(id) ?? ""}
            onChange={(event) => setValues(new Map(values).set(id, event.target.value))}
          />
        </div>
      ))}
      <div className={styles.cardButtons}>
        {free.length > 0 && (
          <Button look="primary" isDisabled={isSending || open.length > 0} onPress={() => void send(decisions)}>
            Answer
          </Button>
        )}
        {open.length > 1 && (
          <Button look="primary" isDisabled={isSending} onPress={approveAll}>
            Approve all {open.length}
          </Button>
        )}
        <Button
          look="plain"
          isDisabled={isSending}
          onPress={() => {
            resolveInterrupt(threadId).then(() => tell("Left undone. The thread is free again."), tellError);
          }}
        >
          Leave it undone
        </Button>
        {calls.length > 1 && open.length > 0 && (
          <span className="quiet number">
            {calls.length - open.length} of {calls.length} decided; it goes on when all are.
          </span>
        )}
      </div>
    </div>
  );
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}
