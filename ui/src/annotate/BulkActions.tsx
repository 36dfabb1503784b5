import { useState } from "react";

import { CLOSE_MANY, commentOn, DELETE_MANY, scoreMany, tagMany, type Result, type Subject } from "../api/changes";
import { inSlices, SLICE } from "../api/slices";
import { Button } from "../components/Button";
import { Dialog, FormDialog } from "../components/Dialog";
import { Field, TextArea } from "../components/Field";
import { tell, tellError } from "../components/toasts";
import { work } from "../components/work";
import { count } from "../format/figures";
import type { Selection } from "../table/selection";
import { BulkResults, named, type Outcome } from "./BulkResults";
import { ScoreForm } from "./ScoreForm";

interface Props {
  subjects: readonly Subject[];
  selection: Selection;
  onExport: () => void;
}

type Asking = "tag" | "untag" | "score" | "comment" | "delete" | null;

/** So many are not deleted by one click too many. */
const MANY = 100;

/** What can be done to all selected rows at once. Tags can be undone, deletes ask before. */
export function BulkActions({ subjects, selection, onExport }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const [results, setResults] = useState<Outcome[]>([]);
  const [text, setText] = useState("");
  const noun = subjects[0]?.noun ?? "traces";
  const what = `${count(subjects.length)} ${subjects.length === 1 ? noun.slice(0, -1) : noun}`;
  const close = CLOSE_MANY[noun];
  const remove = DELETE_MANY[noun];
  const needsNumber = asking === "delete" && subjects.length > MANY;

  function ask(next: Asking) {
    setText("");
    setAsking(next);
  }

  /** Tells of each that failed. Whether none did. */
  async function run(doing: string, done: string, send: Send, more: More = {}) {
    const { size = SLICE, with: suffix = "", undo } = more;
    const found = await work(`${doing} ${what}`, subjects.length, (progress) => inSlices(subjects, progress, send, size));
    const succeeded = new Set(found.filter((result) => result.status === "success").map((result) => result.id));
    tell(`${done} ${count(succeeded.size)} of ${what}${suffix}`, undo?.(succeeded));
    if (succeeded.size < found.length) setResults(named(found, new Map(subjects.map(({ id, label }) => [id, label]))));
    return succeeded.size === subjects.length;
  }

  function tag(tag: string, isOn: boolean) {
    const retagBack = (ids: ReadonlySet<string>) => selection.retag(ids, tag, !isOn);
    const undo = (succeeded: ReadonlySet<string>) => {
      selection.retag(succeeded, tag, isOn);
      const changed = subjects.filter(({ id, tags }) => succeeded.has(id) && tags.includes(tag) !== isOn);
      return changed.length ? () => void takeBack(changed, tag, isOn).then(retagBack) : undefined;
    };
    const [doing, done] = isOn ? ["Tagging", "Tagged"] : ["Untagging", "Untagged"];
    return run(doing!, done!, (slice) => tagMany(slice, tagChange(tag, isOn)), { with: ` “${tag}”`, undo });
  }

  return (
    <>
      <b className="number">{count(subjects.length)} selected</b>
      <Button onPress={() => ask("tag")}>Tag</Button>
      <Button onPress={() => ask("untag")}>Untag</Button>
      <Button onPress={() => ask("score")}>Score</Button>
      <Button onPress={() => ask("comment")}>Comment</Button>
      {close && <Button onPress={() => void run("Closing", "Closed", close)}>Close</Button>}
      <Button onPress={onExport}>Export</Button>
      {remove && (
        <Button look="danger" onPress={() => ask("delete")}>
          Delete
        </Button>
      )}
      <Button look="plain" onPress={selection.clear}>
        Clear
      </Button>

      <FormDialog
        title={asking === "tag" ? `Tag ${what}` : `Take a tag off ${what}`}
        action={asking === "tag" ? "Tag" : "Untag"}
        isOpen={asking === "tag" || asking === "untag"}
        disabled={!text.trim()}
        onClose={() => setAsking(null)}
        onSubmit={() => void tag(text.trim(), asking === "tag")}
      >
        <Field label="Tag" autoFocus maxLength={100} value={text} onChange={(event) => setText(event.target.value)} />
      </FormDialog>
      <Dialog title={`Score ${what}`} isOpen={asking === "score"} onClose={() => setAsking(null)}>
        <ScoreForm
          noun={noun}
          projectId={subjects[0]?.projectId ?? ""}
          onScore={(score) => {
            setAsking(null);
            void run("Scoring", "Scored", (slice) => scoreMany(slice, score));
          }}
        />
      </Dialog>
      <FormDialog
        title={`Comment on ${what}`}
        action="Comment"
        isOpen={asking === "comment"}
        disabled={!text.trim()}
        onClose={() => setAsking(null)}
        onSubmit={() => void run("Commenting on", "Commented on", ([subject]) => commentOn(subject!, text.trim()), { size: 1 })}
      >
        <TextArea label="Comment" autoFocus value={text} onChange={(event) => setText(event.target.value)} />
      </FormDialog>
      <FormDialog
        title={`Delete ${what}?`}
        action={`Delete ${what}`}
        danger
        isOpen={asking === "delete"}
        disabled={needsNumber && text.replace(/\D/g, "") !== String(subjects.length)}
        onClose={() => setAsking(null)}
        onSubmit={() => {
          if (remove) void run("Deleting", "Deleted", remove).then((isAll) => isAll && selection.clear());
        }}
      >
        <p>Their spans, scores, comments and files go too. This cannot be undone.</p>
        {needsNumber && (
          <Field
            label={`To delete them all, write how many they are: ${count(subjects.length)}`}
            inputMode="numeric"
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </FormDialog>
      <BulkResults results={results} onClose={() => setResults([])} />
    </>
  );
}

function tagChange(tag: string, isOn: boolean) {
  return isOn ? { tags_to_add: [tag] } : { tags_to_remove: [tag] };
}

/** The ids of those that are as before. */
async function takeBack(subjects: readonly Subject[], tag: string, wasOn: boolean): Promise<ReadonlySet<string>> {
  const found = await work(`Taking “${tag}” back`, subjects.length, (progress) =>
    inSlices(subjects, progress, (slice) => tagMany(slice, tagChange(tag, !wasOn))),
  );
  const failed = found.filter((result) => result.status === "failure");
  if (failed.length) tellError(new Error(`Not taken back of ${count(failed.length)}: ${failed[0]?.message}`));
  return new Set(found.filter((result) => result.status === "success").map((result) => result.id));
}

interface More {
  /** Of a request, if not as many as the server takes. */
  size?: number;
  /** Told behind how many they are. */
  with?: string;
  undo?: (succeeded: ReadonlySet<string>) => (() => void) | undefined;
}

type Send = (slice: readonly Subject[]) => Promise<readonly Result[] | void>;
