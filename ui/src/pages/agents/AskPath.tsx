import { useState } from "react";

import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { complaintOf } from "./draft";

interface Props {
  title: string;
  initial: string;
  isTaken: (path: string) => boolean;
  onClose: () => void;
  onPath: (path: string) => void;
}

export function AskPath({ title, initial, isTaken, onClose, onPath }: Props) {
  const [path, setPath] = useState(initial);
  const complaint = path === initial ? null : complaintOf(path, isTaken);
  return (
    <FormDialog
      title={title}
      action={initial ? "Rename" : "Add"}
      isOpen
      onClose={onClose}
      disabled={path === initial || complaint !== null}
      onSubmit={() => onPath(path.trim())}
    >
      <Field label="Path" autoFocus value={path} onChange={(event) => setPath(event.target.value)} placeholder="skills/summary/SKILL.md" />
      {complaint && path && <p role="alert">{complaint}</p>}
    </FormDialog>
  );
}
