import { useId, useState } from "react";

import type { Schemas } from "../../api/client";
import type { ProjectRetention, RetentionChange } from "../../api/settings";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { kept } from "./days";
import { DaysInput, daysOf, draftOf } from "./DaysInput";
import styles from "./settings.module.css";

interface Props {
  set: Schemas["WorkspaceRetentionView"];
  onChange: (change: RetentionChange) => void;
}

/** Those that do not follow the default. */
export function ProjectDays({ set, onChange }: Props) {
  const [asked, setAsked] = useState<ProjectRetention | "new" | null>(null);
  const own = set.projects.filter((project) => project.days !== null);
  return (
    <section className={styles.section} aria-label="Projects">
      <div className={styles.head}>
        <h2>Projects with days of their own</h2>
        <Button isDisabled={set.projects.length === 0} onPress={() => setAsked("new")}>
          Add a project
        </Button>
      </div>
      {own.length === 0 && (
        <p>
          None: every project is kept as above. Give a project days of its own to keep a noisy one for less time, or one that
          matters for longer.
        </p>
      )}
      <ul className={styles.keys}>
        {own.map((project) => (
          <li key={project.project_id}>
            <div>
              <b dir="auto">{project.project_name}</b>
              <p className="quiet">Kept {project.days === 0 ? "" : "for "}{kept(project.days ?? 0)}</p>
            </div>
            <div className={styles.buttons}>
              <Button look="plain" aria-label={`Change ${project.project_name}`} onPress={() => setAsked(project)}>
                Change …
              </Button>
              <Button
                look="plain"
                aria-label={`Keep ${project.project_name} as the others`}
                onPress={() => onChange({ project, days: null })}
              >
                As the others
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {asked && (
        <AskDays
          project={asked === "new" ? null : asked}
          projects={set.projects}
          defaultDays={set.effective_days}
          onChange={onChange}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface AskProps {
  /** None: it is asked for, too. */
  project: ProjectRetention | null;
  projects: readonly ProjectRetention[];
  defaultDays: number;
  onChange: (change: RetentionChange) => void;
  onClose: () => void;
}

function AskDays({ project, projects, defaultDays, onChange, onClose }: AskProps) {
  const [name, setName] = useState(project?.project_name ?? "");
  const [draft, setDraft] = useState(draftOf(project ? project.days : 30));
  const names = useId();
  const chosen = projects.find((one) => one.project_name.toLowerCase() === name.trim().toLowerCase());
  return (
    <FormDialog
      title={project ? `How long ${project.project_name} is kept` : "Days of a project"}
      action="Save"
      isOpen
      onClose={onClose}
      disabled={!chosen}
      onSubmit={() => chosen && onChange({ project: chosen, days: daysOf(draft) })}
    >
      {!project && (
        <>
          <Field
            label="Project"
            autoFocus
            required
            list={names}
            placeholder="Its name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <datalist id={names}>
            {projects.map((one) => (
              <option key={one.project_id} value={one.project_name} />
            ))}
          </datalist>
        </>
      )}
      <DaysInput label="Kept" follow={`As the others: ${kept(defaultDays)}`} draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}
