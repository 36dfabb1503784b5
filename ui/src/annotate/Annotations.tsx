import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { commentOn, editComment, removeComment, removeScore, scoreMany, tagMany, type Subject } from "../api/changes";
import { projectOf, type Comment, type Score } from "../api/queries";
import { Button } from "../components/Button";
import { TextArea } from "../components/Field";
import { Tag } from "../components/Tag";
import { tell, tellError } from "../components/toasts";
import { score as scoreText } from "../format/figures";
import { ago, fullTime } from "../format/times";
import styles from "./annotate.module.css";
import { ScoreForm } from "./ScoreForm";

interface Props {
  subject: Subject;
  scores: readonly Score[];
  comments: readonly Comment[];
}

/** What people say of a trace, a span or a thread: tags, scores and comments. */
export function Annotations({ subject, scores, comments }: Props) {
  return (
    <div className={styles.annotations}>
      <Tags subject={subject} />
      <Scores subject={subject} scores={scores} />
      <Comments subject={subject} comments={comments} />
    </div>
  );
}

function run(change: Promise<unknown>, done?: string) {
  change.then(() => done && tell(done), tellError);
}

function Tags({ subject }: { subject: Subject }) {
  const [text, setText] = useState("");
  const change = (update: Parameters<typeof tagMany>[1]) =>
    run(
      tagMany([subject], update).then(([result]) => {
        if (result?.status === "failure") throw new Error(result.message ?? "Could not be tagged");
      }),
    );
  return (
    <section aria-label="Tags">
      <h3>Tags</h3>
      <div className={styles.row}>
        {subject.tags.map((tag) => (
          <Tag key={tag} text={tag} onRemove={() => change({ tags_to_remove: [tag] })} />
        ))}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) change({ tags_to_add: [text.trim()] });
            setText("");
          }}
        >
          <input
            className={styles.small}
            aria-label="New tag"
            placeholder="+ tag"
            maxLength={100}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
      </div>
    </section>
  );
}

function Scores({ subject, scores }: { subject: Subject; scores: readonly Score[] }) {
  const [open, setOpen] = useState(false);
  const { data: project } = useQuery(projectOf(subject.projectId));
  return (
    <section aria-label="Scores">
      <h3>Scores</h3>
      {scores.length > 0 && (
        <ul className={styles.list}>
          {scores.map((score) => (
            <li key={score.name} className={styles.score}>
              <span dir="auto">{score.name}</span>
              <b className="number">{score.category_name || scoreText(score.value)}</b>
              <span className="quiet" dir="auto">
                {score.reason}
              </span>
              <span className="quiet">{score.last_updated_by}</span>
              <Button
                look="icon"
                aria-label={`Remove ${score.name}`}
                onPress={() => run(removeScore(subject, score.name, project?.name ?? ""))}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open ? (
        <ScoreForm
          noun={subject.noun}
          projectId={subject.projectId}
          onScore={(score) => {
            setOpen(false);
            run(scoreMany([subject], score));
          }}
        />
      ) : (
        <Button onPress={() => setOpen(true)}>Add a score</Button>
      )}
    </section>
  );
}

function Comments({ subject, comments }: { subject: Subject; comments: readonly Comment[] }) {
  const [text, setText] = useState("");
  return (
    <section aria-label="Comments">
      <h3>Comments</h3>
      <ul className={styles.list}>
        {comments.map((comment) => (
          <OneComment key={comment.id} comment={comment} subject={subject} />
        ))}
      </ul>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!text.trim()) return;
          run(commentOn(subject, text.trim()));
          setText("");
        }}
      >
        <TextArea label="New comment" rows={2} value={text} onChange={(event) => setText(event.target.value)} />
        <Button type="submit" isDisabled={!text.trim()}>
          Comment
        </Button>
      </form>
    </section>
  );
}

function OneComment({ comment, subject }: { comment: Comment; subject: Subject }) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <li className={styles.comment}>
      <div className={styles.row}>
        <b>{comment.created_by}</b>
        <time className="quiet" title={fullTime(comment.created_at)} dateTime={comment.created_at}>
          {ago(comment.created_at)}
        </time>
        <span className={styles.grow} />
        <Button look="plain" onPress={() => setDraft(comment.text)}>
          Edit
        </Button>
        <Button look="plain" onPress={() => run(removeComment(subject.noun, comment.id))}>
          Delete
        </Button>
      </div>
      {draft === null ? (
        <p className={styles.said} dir="auto">
          {comment.text}
        </p>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            run(editComment(subject.noun, comment.id, draft));
            setDraft(null);
          }}
        >
          <TextArea label="Comment" value={draft} onChange={(event) => setDraft(event.target.value)} />
          <Button type="submit" isDisabled={!draft.trim()}>
            Save
          </Button>
        </form>
      )}
    </li>
  );
}
