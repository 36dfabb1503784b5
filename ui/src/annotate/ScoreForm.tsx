import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import type { NewScore } from "../api/changes";
import { definitions, scoreNamesOf, type Definition } from "../api/queries";
import { Button } from "../components/Button";
import { Field } from "../components/Field";
import type { Noun } from "../filters/language";
import styles from "./annotate.module.css";

interface Props {
  noun: Noun;
  projectId: string;
  onScore: (score: NewScore) => void;
}

interface Choice {
  label: string;
  value: number;
}

/** A name that is defined has its values as buttons; any other name takes any number. */
export function ScoreForm({ noun, projectId, onScore }: Props) {
  const { data: defined } = useQuery(definitions);
  const { data: used = [] } = useQuery(scoreNamesOf(noun, projectId));
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [reason, setReason] = useState("");
  const list = useId();
  const known = defined?.content ?? [];
  const definition = known.find((each) => each.name === name.trim());
  const choices = definition ? choicesOf(definition) : null;
  const names = [...new Set([...known.map((each) => each.name), ...used])];

  function give(number: number, category?: string) {
    onScore({
      name: name.trim(),
      value: number,
      ...(category ? { category_name: category } : {}),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    });
    setName("");
    setValue("");
    setReason("");
  }

  const range = definition?.type === "numerical" ? definition.details : null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() && value !== "" && !choices) give(Number(value));
      }}
    >
      <Field label="Name of the score" list={list} required value={name} onChange={(event) => setName(event.target.value)} />
      <datalist id={list}>
        {names.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <Field label="Reason (if you like)" value={reason} onChange={(event) => setReason(event.target.value)} />
      {choices ? (
        <div className={styles.row} role="group" aria-label="Value">
          {choices.map((choice) => (
            <Button key={choice.label} onPress={() => give(choice.value, choice.label)}>
              {choice.label}
            </Button>
          ))}
        </div>
      ) : (
        <div className={styles.row}>
          <Field
            label={range ? `Value, ${range.min} to ${range.max}` : "Value"}
            type="number"
            step="any"
            required
            {...(range ? { min: range.min, max: range.max } : {})}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
          <Button type="submit" look="primary">
            Score
          </Button>
        </div>
      )}
    </form>
  );
}

function choicesOf(definition: Definition): Choice[] | null {
  if (definition.type === "categorical") {
    return Object.entries(definition.details.categories).map(([label, value]) => ({ label, value }));
  }
  if (definition.type === "boolean") {
    const { true_label, false_label } = definition.details;
    return [
      { label: true_label, value: 1 },
      { label: false_label, value: 0 },
    ];
  }
  return null;
}
