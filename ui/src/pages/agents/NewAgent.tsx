import { useState } from "react";

import { createAgent } from "../../api/agentChanges";
import { FormDialog } from "../../components/Dialog";
import { Field, TextArea } from "../../components/Field";
import { tellError } from "../../components/toasts";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onMade: (id: string) => void;
}

const EMPTY = { name: "", model: "", prompt: "" };

export function NewAgent({ isOpen, onClose, onMade }: Props) {
  const [draft, setDraft] = useState(EMPTY);
  const change = (changed: Partial<typeof EMPTY>) => setDraft({ ...draft, ...changed });
  async function submit() {
    const model = draft.model.trim();
    const agent = await createAgent({
      name: draft.name.trim(),
      system_prompt: draft.prompt,
      ...(model ? { runtime: { model: { model_id: model } } } : {}),
    });
    setDraft(EMPTY);
    onMade(agent.id);
  }
  return (
    <FormDialog
      title="New agent"
      action="Make it"
      wide
      isOpen={isOpen}
      onClose={onClose}
      disabled={!draft.name.trim()}
      onSubmit={() => void submit().catch(tellError)}
    >
      <Field label="Name" autoFocus required value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      <Field
        label="Model, as provider:model, or nothing for the default of the server"
        placeholder="openai:gpt-5.5"
        value={draft.model}
        onChange={(event) => change({ model: event.target.value })}
      />
      <TextArea
        label="Instructions"
        rows={8}
        value={draft.prompt}
        onChange={(event) => change({ prompt: event.target.value })}
      />
      <p className="quiet">The key of the provider is in the environment of the server, such as OPENAI_API_KEY.</p>
    </FormDialog>
  );
}
