import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "../../api/client";
import { environments, type Environment } from "../../api/queries";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import styles from "./settings.module.css";

export function Environments() {
  const { data, error } = useQuery(environments);
  const [name, setName] = useState("");
  async function add() {
    await answer(api.POST("/v1/private/environments", { body: { name: name.trim() } }));
    setName("");
    refresh("environments");
  }
  async function remove(environment: Environment) {
    await answer(api.POST("/v1/private/environments/delete", { body: { ids: [environment.id] } }));
    tell(`Deleted ${environment.name}. Traces keep its name.`);
    refresh("environments");
  }
  return (
    <section className={styles.section} aria-label="Environments">
      <h2>Environments</h2>
      <p className="quiet">A trace that names a new one adds it.</p>
      {error && <Problem error={error} />}
      {!data && !error && <Loading rows={2} />}
      <ul className={styles.list}>
        {data?.content.map((environment) => (
          <li key={environment.id}>
            <span>
              <span
                className={styles.swatch}
                aria-hidden
                {...(environment.color ? { style: { backgroundColor: environment.color } } : {})}
              />
              <b>{environment.name}</b>
            </span>
            <span className="quiet" dir="auto">
              {environment.description}
            </span>
            <Button look="plain" aria-label={`Delete ${environment.name}`} onPress={() => void remove(environment).catch(tellError)}>
              Delete
            </Button>
          </li>
        ))}
      </ul>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void add().catch(tellError);
        }}
      >
        <Field
          label="Name"
          required
          maxLength={150}
          pattern="[A-Za-z0-9_\-]+"
          title="Letters, digits, _ and -"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit">Add</Button>
      </form>
    </section>
  );
}
