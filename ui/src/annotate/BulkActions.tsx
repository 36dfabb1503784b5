import { useState } from "react";

import { commentOn, scoreMany, tagMany, type Result, type Subject } from "../api/changes";
import { Button } from "../components/Button";
import { Dialog, FormDialog } from "../components/Dialog";
import { Field, TextArea } from "../components/Field";
import { tell, tellError } from "../components/toasts";
import { BulkResults } from "./BulkResults";
import { ScoreForm } from "./ScoreForm";
import { saveLines } from "./saving";

interface Props {
  subjects: Subject[];
  /** What is exported. */
  rows: readonly object[];
  clear: () => void;
  close?: (() => Promise<void>) | undefined;
  remove?: (() => Promise<void>) | undefined;
}

type Asking = "tag" | "untag" | "score" | "comment" | "delete" | null;

/** What can be done to all selected rows at once. Tags can be undone, deletes ask before. */
export function BulkActions({ subjects, rows, clear, close, remove }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const [results, setResults] = useState<Result[]>([]);
  const [text, setText] = useState("");
  const noun = subjects[0]?.noun ?? "traces";
  const many = subjects.length === 1 ? noun.slice(0, -1) : noun;
  const what = `${subjects.length} ${many}`;

  function ask(next: Asking) {
    setText("");
    setAsking(next);
  }

  async function tag(tag: string, add: boolean) {
    const change = (name: string, on: boolean) => (on ? { tags_to_add: [name] } : { tags_to_remove: [name] });
    const changed = subjects.filter((subject) => subject.tags.includes(tag) !== add);
    const found = await tagMany(subjects, change(tag, add));
    const failed = found.filter((result) => result.status === "failure");
    const undo = changed.filter((subject) => !failed.some((result) => result.id === subject.id));
    const done = `${add ? "Tagged" : "Untagged"} ${subjects.length - failed.length} of ${what} “${tag}”`;
    tell(done, undo.length ? () => void tagMany(undo, change(tag, !add)).catch(tellError) : undefined);
    if (failed.length) setResults(found);
  }

  const run = (change: Promise<void>, done: string) => change.then(() => tell(done), tellError);

  return (
    <>
      <b className="number">{subjects.length} selected</b>
      <Button onPress={() => ask("tag")}>Tag</Button>
      <Button onPress={() => ask("untag")}>Untag</Button>
      <Button onPress={() => ask("score")}>Score</Button>
      <Button onPress={() => ask("comment")}>Comment</Button>
      {close && <Button onPress={() => void run(close(), `Closed ${what}`)}>Close</Button>}
      <Button onPress={() => saveLines(`${noun}.jsonl`, rows)}>Export</Button>
      {remove && (
        <Button look="danger" onPress={() => ask("delete")}>
          Delete
        </Button>
      )}
      <Button look="plain" onPress={clear}>
        Clear
      </Button>

      <FormDialog
        title={asking === "tag" ? `Tag ${what}` : `Take a tag off ${what}`}
        action={asking === "tag" ? "Tag" : "Untag"}
        isOpen={asking === "tag" || asking === "untag"}
        disabled={!text.trim()}
        onClose={() => setAsking(null)}
        onSubmit={() => void tag(text.trim(), asking === "tag").catch(tellError)}
      >
        <Field label="Tag" autoFocus maxLength={100} value={text} onChange={(event) => setText(event.target.value)} />
      </FormDialog>
      <Dialog title={`Score ${what}`} isOpen={asking === "score"} onClose={() => setAsking(null)}>
        <ScoreForm
          noun={noun}
          projectId={subjects[0]?.projectId ?? ""}
          onScore={(score) => {
            setAsking(null);
            void run(scoreMany(subjects, score), `Scored ${what}`);
          }}
        />
      </Dialog>
      <FormDialog
        title={`Comment on ${what}`}
        action="Comment"
        isOpen={asking === "comment"}
        disabled={!text.trim()}
        onClose={() => setAsking(null)}
        onSubmit={() => void commentOnEach(subjects, text.trim()).then(setResults)}
      >
        <TextArea label="Comment" autoFocus value={text} onChange={(event) => setText(event.target.value)} />
      </FormDialog>
      <FormDialog
        title={`Delete ${what}?`}
        action={`Delete ${what}`}
        danger
        isOpen={asking === "delete"}
        onClose={() => setAsking(null)}
        onSubmit={() => {
          if (remove) void run(remove().then(clear), `Deleted ${what}`);
        }}
      >
        <p>Their spans, scores, comments and files go too. This cannot be undone.</p>
      </FormDialog>
      <BulkResults results={results} subjects={subjects} onClose={() => setResults([])} />
    </>
  );
}

/** One after the other, as each is a request of its own. Nothing to show if all went well. */
async function commentOnEach(subjects: readonly Subject[], text: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const subject of subjects) {
    try {
      await commentOn(subject, text);
      results.push({ id: subject.id, status: "success" });
    } catch (error) {
      results.push({ id: subject.id, status: "failure", message: (error as Error).message });
    }
  }
  const failed = results.filter((result) => result.status === "failure");
  tell(`Commented on ${results.length - failed.length} of ${results.length}`);
  return failed.length ? results : [];
}
