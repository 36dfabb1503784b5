import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { previewRetention, retention, setRetention, type RetentionChange, type WouldGo } from "../../api/settings";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { useTitle } from "../title";
import { figures, kept } from "./days";
import { DaysInput, daysOf, draftOf } from "./DaysInput";
import { ProjectDays } from "./ProjectDays";
import styles from "./settings.module.css";
import { WouldGoTable } from "./WouldGoTable";

interface Proposal {
  change: RetentionChange;
  report: WouldGo;
}

/** How long what is recorded is kept. Nothing is set that deletes something before its figures were seen. */
export function RetentionPage() {
  useTitle("Retention");
  const { data: set, error } = useQuery(retention);
  const [proposal, setProposal] = useState<Proposal | null>(null);
  async function apply(change: RetentionChange) {
    await setRetention(change);
    tell(`Saved${change.project ? ` for ${change.project.project_name}` : ""}`);
  }
  async function propose(change: RetentionChange) {
    const report = await previewRetention(change);
    if (figures(report)) setProposal({ change, report });
    else await apply(change);
  }
  const change = (wanted: RetentionChange) => void propose(wanted).catch(tellError);
  if (error) return <Problem error={error} />;
  if (!set) return <Loading rows={4} />;
  return (
    <>
      <DefaultDays key={String(set.days)} days={set.days} serverDays={set.server_days} onChange={change} />
      <ProjectDays set={set} onChange={change} />
      <DryRun key={JSON.stringify(set)} />
      <FormDialog
        title="This deletes something"
        action="Save, and let it go"
        danger
        wide
        isOpen={proposal !== null}
        onClose={() => setProposal(null)}
        onSubmit={() => proposal && void apply(proposal.change).catch(tellError)}
      >
        <p>Within the hour this goes, and does not come back:</p>
        {proposal && <WouldGoTable report={proposal.report} />}
      </FormDialog>
    </>
  );
}

interface DefaultProps {
  days: number | null;
  serverDays: number;
  onChange: (change: RetentionChange) => void;
}

function DefaultDays({ days, serverDays, onChange }: DefaultProps) {
  const [draft, setDraft] = useState(draftOf(days));
  return (
    <section className={styles.section} aria-label="Default">
      <h2>How long everything is kept</h2>
      <p className="quiet">
        Traces go once they are older, with their spans, scores, comments and files; so do threads of agents that have been quiet for
        as long. The server looks once an hour. What is deleted does not come back.
      </p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ project: null, days: daysOf(draft) });
        }}
      >
        <DaysInput label="Kept" follow={`As the server is started: ${kept(serverDays)}`} draft={draft} onChange={setDraft} />
        <Button type="submit" isDisabled={daysOf(draft) === days}>
          Save
        </Button>
      </form>
    </section>
  );
}

/** What it found is forgotten when something else is set. */
function DryRun() {
  const dryRun = useMutation({ mutationFn: () => previewRetention() });
  return (
    <section className={styles.section} aria-label="Dry run">
      <div className={styles.head}>
        <h2>What would go now</h2>
        <Button isDisabled={dryRun.isPending} onPress={() => dryRun.mutate()}>
          {dryRun.isPending ? "Counting …" : "Dry run"}
        </Button>
      </div>
      <p className="quiet">Counts what is too old by the days above. Nothing is deleted.</p>
      <div role="status">
        {dryRun.data && (figures(dryRun.data) ? <WouldGoTable report={dryRun.data} /> : <p>Nothing would go.</p>)}
      </div>
    </section>
  );
}
