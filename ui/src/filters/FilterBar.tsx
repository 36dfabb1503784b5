import { useEffect, useId, useMemo, useRef, useState } from "react";

import { QueryError } from "../api/client";
import { useShortcuts } from "../components/shortcuts";
import { complete, type Suggestion } from "./completion";
import styles from "./filters.module.css";
import { nounAt } from "./grammar";
import type { Noun } from "./language";
import { useKnown } from "./useKnown";

const EXAMPLES: Record<Noun, string> = {
  traces: 'duration > 2000 AND (tags = "prod" OR error is not empty)',
  spans: 'type = "llm" AND (usage.total_tokens > 5000 OR error is not empty)',
  threads: 'status = "active" AND number_of_messages > 4',
};

interface Props {
  noun: Noun;
  projectId: string;
  /** The text that is in force. */
  text: string;
  /** What became of the text that is in force. */
  error: Error | null;
  onChange: (text: string) => void;
}

/** One line of filter language, completed while it is written and in force from Enter on. */
export function FilterBar({ noun, projectId, text, error, onChange }: Props) {
  const [draft, setDraft] = useState(text);
  const [caret, setCaret] = useState(text.length);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => {
    setDraft(text);
    setCaret(text.length);
  }, [text]);
  useShortcuts([{ key: "/", about: "Filter", run: () => input.current?.focus() }]);

  const known = useKnown(nounAt(noun, draft.slice(0, caret)), projectId, open);
  const suggestions = useMemo(
    () => (open ? complete(noun, draft, caret, known) : []),
    [open, noun, draft, caret, known],
  );
  const problem = error instanceof QueryError ? error : null;
  const current = suggestions[chosen];

  useEffect(() => {
    if (chosen >= 0) document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, id]);

  function accept({ insert, start, end }: Suggestion) {
    const next = draft.slice(0, start) + insert + draft.slice(end);
    setDraft(next);
    setChosen(-1);
    setCaret(start + insert.length);
    requestAnimationFrame(() => input.current?.setSelectionRange(start + insert.length, start + insert.length));
  }

  function submit() {
    setOpen(false);
    onChange(draft.trim());
  }

  return (
    <div className={styles.bar}>
      <input
        ref={input}
        role="combobox"
        aria-label={`Filter ${noun}`}
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current ? `${id}-${chosen}` : undefined}
        aria-invalid={problem !== null}
        aria-describedby={problem ? `${id}-problem` : undefined}
        className={styles.input}
        placeholder={`Words, or ${EXAMPLES[noun]}`}
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? draft.length)}
        onChange={(event) => {
          setDraft(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setChosen(-1);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setOpen(true);
            const count = suggestions.length + 1;
            setChosen(((chosen + 1 + step + count) % count) - 1);
          } else if ((event.key === "Enter" && current) || (event.key === "Tab" && suggestions[0] && open && draft)) {
            event.preventDefault();
            accept(current ?? suggestions[0]!);
          } else if (event.key === "Enter") {
            submit();
          } else if (event.key === "Escape") {
            if (open && suggestions.length) setOpen(false);
            else input.current?.blur();
          }
        }}
      />
      {draft && (
        <button
          type="button"
          className={styles.clear}
          aria-label="Clear the filter"
          onClick={() => {
            setDraft("");
            onChange("");
          }}
        >
          ×
        </button>
      )}
      {suggestions.length > 0 && (
        <ul id={`${id}-list`} role="listbox" aria-label="Completions" className={styles.list}>
          {suggestions.map((suggestion, index) => (
            <li
              key={suggestion.label}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className={styles.option}
              onMouseDown={(event) => {
                event.preventDefault();
                accept(suggestion);
              }}
            >
              <span dir="auto">{suggestion.label}</span>
              <span className="quiet">{suggestion.detail}</span>
            </li>
          ))}
        </ul>
      )}
      {problem && !suggestions.length && (
        <div id={`${id}-problem`} role="alert" className={styles.problem}>
          <pre className={styles.place}>{problem.place}</pre>
          {problem.allowed.length ? `Expected here: ${problem.allowed.join(", ")}` : problem.message}
        </div>
      )}
    </div>
  );
}
