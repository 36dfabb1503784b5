import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, ApiError, type Schemas } from "../../api/client";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import styles from "./settings.module.css";

type Configuration = Schemas["ConfigurationView"];

const DEFAULT_MINUTES = 15;

const configuration = queryOptions({
  queryKey: ["configuration"],
  queryFn: async (): Promise<Configuration> => {
    try {
      return await answer(api.GET("/v1/private/workspaces/configurations", {}));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return {};
      throw error;
    }
  },
});

/** Only what Weft acts on; what else is configured stays as it is. */
export function Workspace() {
  const { data, error } = useQuery(configuration);
  return (
    <section className={styles.section} aria-label="Workspace">
      <h2>Threads</h2>
      {error && <Problem error={error} />}
      {!data && !error && <Loading rows={1} />}
      {data && <Timeout key={data.timeout_to_mark_thread_as_inactive} configured={data} />}
    </section>
  );
}

function Timeout({ configured }: { configured: Configuration }) {
  const [minutes, setMinutes] = useState(String(minutesOf(configured.timeout_to_mark_thread_as_inactive)));
  async function save() {
    const body = { ...configured, timeout_to_mark_thread_as_inactive: `PT${Number(minutes)}M` };
    await answer(api.PUT("/v1/private/workspaces/configurations", { body }));
    tell("Saved");
    refresh("configuration", "threads");
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save().catch(tellError);
      }}
    >
      <Field
        label="Inactive after so many minutes without a trace"
        type="number"
        min={1}
        required
        value={minutes}
        onChange={(event) => setMinutes(event.target.value)}
      />
      <Button type="submit">Save</Button>
    </form>
  );
}

/** Of an ISO 8601 duration of days, hours, minutes and seconds. */
function minutesOf(text: string | null | undefined): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text ?? "");
  if (!match) return DEFAULT_MINUTES;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.max(1, Math.round(days! * 1440 + hours! * 60 + minutes! + seconds! / 60));
}
