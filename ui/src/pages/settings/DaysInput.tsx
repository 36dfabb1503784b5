import { Choice } from "../../components/Choice";
import { Field } from "../../components/Field";
import { FOR_GOOD, MAX_DAYS } from "./days";
import styles from "./settings.module.css";

type Kind = "follow" | "good" | "days";

/** What is in the form: `text` is what was typed as days. */
export interface DaysDraft {
  kind: Kind;
  text: string;
}

export function draftOf(days: number | null): DaysDraft {
  if (days === null) return { kind: "follow", text: "30" };
  return days === FOR_GOOD ? { kind: "good", text: "30" } : { kind: "days", text: String(days) };
}

export function daysOf({ kind, text }: DaysDraft): number | null {
  if (kind === "follow") return null;
  return kind === "good" ? FOR_GOOD : Number(text);
}

interface Props {
  label: string;
  /** What it says where there are no days of its own. */
  follow: string;
  draft: DaysDraft;
  onChange: (draft: DaysDraft) => void;
}

export function DaysInput({ label, follow, draft, onChange }: Props) {
  const options: { value: Kind; label: string }[] = [
    { value: "follow", label: follow },
    { value: "days", label: "For so many days" },
    { value: "good", label: "For good" },
  ];
  return (
    <div className={styles.form}>
      <Choice label={label} value={draft.kind} options={options} onChange={(kind) => onChange({ ...draft, kind })} />
      {draft.kind === "days" && (
        <Field
          label="Days"
          type="number"
          min={1}
          max={MAX_DAYS}
          step={1}
          required
          value={draft.text}
          onChange={(event) => onChange({ ...draft, text: event.target.value })}
        />
      )}
    </div>
  );
}
