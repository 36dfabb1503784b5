import { useState } from "react";

import { BulkResults, named, type Outcome } from "../../annotate/BulkResults";
import { changeThreads, deleteAgentThreads, type ThreadChange } from "../../api/agentChanges";
import type { ListedThread } from "../../api/agents";
import type { Result } from "../../api/changes";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { tell, tellError } from "../../components/toasts";
import { titleOf } from "./ThreadTable";

interface Props {
  threads: readonly ListedThread[];
  clear: () => void;
}

/** What can be done to all selected threads at once. What the server refuses is told thread by thread. */
export function ThreadBulk({ threads, clear }: Props) {
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  const [title, setTitle] = useState("");
  const [results, setResults] = useState<Outcome[]>([]);
  const ids = threads.map((thread) => thread.id);
  const allPinned = threads.every((thread) => thread.metadata["is_pinned"] === true);

  function show(found: Result[], done: string, undo?: () => void) {
    const failed = found.filter((result) => result.status === "failure");
    tell(`${done} ${found.length - failed.length} of ${found.length}`, undo);
    if (failed.length) setResults(named(found, new Map(threads.map((thread) => [thread.id, titleOf(thread)]))));
  }

  async function change(next: ThreadChange, done: string, before?: (thread: ListedThread) => ThreadChange) {
    const found = await changeThreads(ids, next);
    const failed = new Set(found.filter((result) => result.status === "failure").map((result) => result.id));
    const changed = threads.filter((thread) => !failed.has(thread.id));
    show(found, done, before && (() => void undo(changed, before).catch(tellError)));
  }

  async function remove() {
    show(await deleteAgentThreads(ids), "Deleted");
    clear();
  }

  const mark = (metadata: Record<string, unknown>, done: string, key: string) =>
    void change({ metadata }, done, (thread) => ({ metadata: { [key]: thread.metadata[key] ?? null } })).catch(tellError);

  return (
    <>
      <b className="number">{threads.length} selected</b>
      <Button onPress={() => setAsking("rename")}>Rename</Button>
      <Button onPress={() => mark({ is_pinned: !allPinned }, allPinned ? "Unpinned" : "Pinned", "is_pinned")}>
        {allPinned ? "Unpin" : "Pin"}
      </Button>
      <Button onPress={() => mark({ read_status: true }, "Marked read", "read_status")}>Mark read</Button>
      <Button onPress={() => mark({ read_status: false }, "Marked unread", "read_status")}>Mark unread</Button>
      <Button look="danger" onPress={() => setAsking("delete")}>
        Delete
      </Button>
      <Button look="plain" onPress={clear}>
        Clear
      </Button>
      <FormDialog
        title={threads.length === 1 ? "Rename the thread" : `Rename ${threads.length} threads`}
        action="Rename"
        isOpen={asking === "rename"}
        onClose={() => setAsking(null)}
        onSubmit={() =>
          void change({ title: title.trim() || null }, "Renamed", (thread) => ({ title: thread.title })).catch(tellError)
        }
      >
        <Field
          label="Title; without one, the first message is shown"
          autoFocus
          maxLength={255}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </FormDialog>
      <FormDialog
        title={threads.length === 1 ? "Delete this thread?" : `Delete ${threads.length} threads?`}
        action="Delete"
        danger
        isOpen={asking === "delete"}
        onClose={() => setAsking(null)}
        onSubmit={() => void remove().catch(tellError)}
      >
        <p>What was said on them and their runs go. The traces of the runs stay. This cannot be undone.</p>
      </FormDialog>
      <BulkResults results={results} onClose={() => setResults([])} />
    </>
  );
}

/** Threads that were the same before go back together. */
async function undo(threads: readonly ListedThread[], before: (thread: ListedThread) => ThreadChange) {
  const groups = new Map<string, string[]>();
  for (const thread of threads) {
    const change = JSON.stringify(before(thread));
    groups.set(change, [...(groups.get(change) ?? []), thread.id]);
  }
  for (const [change, ids] of groups) await changeThreads(ids, JSON.parse(change) as ThreadChange);
}
