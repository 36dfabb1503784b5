import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../../api/client";
import { definitions, type Definition } from "../../api/queries";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { FormDialog } from "../../components/Dialog";
import { Field, TextArea } from "../../components/Field";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import styles from "./settings.module.css";

type Type = Definition["type"];
type Write =
  | Schemas["NumericalDefinitionWrite"]
  | Schemas["CategoricalDefinitionWrite"]
  | Schemas["BooleanDefinitionWrite"];

const TYPES: { value: Type; label: string }[] = [
  { value: "numerical", label: "A number" },
  { value: "categorical", label: "One of several" },
  { value: "boolean", label: "Yes or no" },
];

/** Scores may have any name. One that is defined is given by pressing a button, and within bounds. */
export function Definitions() {
  const { data, error } = useQuery(definitions);
  const [isAsking, setAsking] = useState(false);
  async function remove({ id, name }: Definition) {
    await answer(api.DELETE("/v1/private/feedback-definitions/{id}", { params: { path: { id } } }));
    tell(`Deleted the definition of ${name}. Scores of that name stay.`);
    refresh("definitions");
  }
  return (
    <section className={styles.section} aria-label="Score definitions">
      <div className={styles.head}>
        <h2>Score definitions</h2>
        <Button onPress={() => setAsking(true)}>New definition</Button>
      </div>
      <p className="quiet">What people are offered when they score. Programs may give scores of any name.</p>
      {error && <Problem error={error} />}
      {!data && !error && <Loading rows={2} />}
      {data?.content.length === 0 && <p>None yet: scores take a name and a number.</p>}
      <ul className={styles.list}>
        {data?.content.map((definition) => (
          <li key={definition.id}>
            <b dir="auto">{definition.name}</b>
            <span className="quiet" dir="auto">
              {describe(definition)}
            </span>
            <Button look="plain" aria-label={`Delete ${definition.name}`} onPress={() => void remove(definition).catch(tellError)}>
              Delete
            </Button>
          </li>
        ))}
      </ul>
      <NewDefinition isOpen={isAsking} onClose={() => setAsking(false)} />
    </section>
  );
}

function describe(definition: Definition): string {
  if (definition.type === "numerical") return `${definition.details.min} to ${definition.details.max}`;
  if (definition.type === "boolean") return `${definition.details.true_label} or ${definition.details.false_label}`;
  return Object.entries(definition.details.categories)
    .map(([name, value]) => `${name} (${value})`)
    .join(", ");
}

function NewDefinition({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [type, setType] = useState<Type>("numerical");
  const [bounds, setBounds] = useState({ min: "0", max: "1" });
  const [labels, setLabels] = useState({ yes: "Good", no: "Bad" });
  const [categories, setCategories] = useState("bad = 0\ngood = 1");

  const writes: Record<Type, () => Write> = {
    numerical: () => ({ type: "numerical", name, details: { min: Number(bounds.min), max: Number(bounds.max) } }),
    boolean: () => ({ type: "boolean", name, details: { true_label: labels.yes, false_label: labels.no } }),
    categorical: () => ({ type: "categorical", name, details: { categories: readCategories(categories) } }),
  };

  async function submit() {
    await answer(api.POST("/v1/private/feedback-definitions", { body: writes[type]() }));
    tell(`Defined ${name}`);
    setName("");
    refresh("definitions");
  }

  return (
    <FormDialog
      title="New score definition"
      action="Define"
      isOpen={isOpen}
      onClose={onClose}
      disabled={!name.trim()}
      onSubmit={() => void submit().catch(tellError)}
    >
      <Field label="Name" autoFocus required value={name} onChange={(event) => setName(event.target.value)} />
      <Choice label="Type" value={type} options={TYPES} onChange={setType} />
      {type === "numerical" && (
        <div className={styles.form}>
          {(["min", "max"] as const).map((bound) => (
            <Field
              key={bound}
              label={bound === "min" ? "Least" : "Most"}
              type="number"
              step="any"
              required
              value={bounds[bound]}
              onChange={(event) => setBounds({ ...bounds, [bound]: event.target.value })}
            />
          ))}
        </div>
      )}
      {type === "boolean" && (
        <div className={styles.form}>
          <Field label="For yes" value={labels.yes} onChange={(event) => setLabels({ ...labels, yes: event.target.value })} />
          <Field label="For no" value={labels.no} onChange={(event) => setLabels({ ...labels, no: event.target.value })} />
        </div>
      )}
      {type === "categorical" && (
        <TextArea
          label="One on each line: name = number"
          value={categories}
          onChange={(event) => setCategories(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

/** A line without a number gets the number of the line. */
function readCategories(text: string): Record<string, number> {
  const lines = text.split("\n").filter((line) => line.trim());
  return Object.fromEntries(
    lines.map((line, at) => {
      const [name = "", value] = line.split("=").map((part) => part.trim());
      return [name, value === undefined || Number.isNaN(Number(value)) ? at : Number(value)];
    }),
  );
}
