import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { updateAgent } from "../../api/agentChanges";
import { agentOf, type Agent } from "../../api/agents";
import { projectsOf } from "../../api/queries";
import { Ago } from "../../components/Ago";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field, TextArea } from "../../components/Field";
import { Loading } from "../../components/states";
import { Tag } from "../../components/Tag";
import { tell, tellError } from "../../components/toasts";
import { JsonTree } from "../../payload/JsonTree";
import { LongText } from "../../payload/LongText";
import { Fact } from "../trace/Facts";
import trace from "../trace/trace.module.css";
import styles from "./agents.module.css";
import { Health } from "./Health";
import { modelOf } from "./model";

export function OverviewPage() {
  const { agentId } = useParams({ from: "/agents/$agentId" });
  const { data: agent } = useQuery(agentOf(agentId));
  if (!agent) return <Loading />;
  return (
    <div className={styles.overview} tabIndex={0} role="region" aria-label="Overview">
      <Settings agent={agent} />
      <Part title="Instructions" file="AGENTS.md" agentId={agentId}>
        {agent.system_prompt ? <LongText text={agent.system_prompt} /> : <Nothing>No instructions.</Nothing>}
      </Part>
      <Part title="Tools" file="tools.json" agentId={agentId}>
        <Tools tools={agent.tools} />
      </Part>
      <Part title="Subagents">
        {agent.subagents.length === 0 && <Nothing>None but the general-purpose one.</Nothing>}
        <ul className={styles.parts}>
          {agent.subagents.map((subagent) => (
            <li key={subagent.name}>
              <FileLink agentId={agentId} path={`subagents/${subagent.name}/AGENTS.md`} text={subagent.name} />
              <span className="quiet" dir="auto">
                {subagent.description}
              </span>
              {subagent.model_id && <Tag text={subagent.model_id} />}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Skills">
        {agent.skills.length === 0 && <Nothing>No skills.</Nothing>}
        <ul className={styles.parts}>
          {agent.skills.map((skill) => (
            <li key={skill.name}>
              <FileLink agentId={agentId} path={`skills/${skill.name}/SKILL.md`} text={skill.name} />
              <span className="quiet" dir="auto">
                {skill.description}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Permissions, backend and extras">
        <JsonTree value={{ permissions: agent.permissions, backend: agent.backend, extras: agent.extras }} />
      </Part>
    </div>
  );
}

function Settings({ agent }: { agent: Agent }) {
  const [isEditing, setEditing] = useState(false);
  const { data: projects } = useQuery(projectsOf(agent.name, 1, 50, "name asc"));
  const project = projects?.content.find((each) => each.name === agent.name);
  return (
    <section className={styles.part} aria-label="Settings">
      <div className={styles.partHead}>
        <p dir="auto">{agent.description || <Nothing>No description.</Nothing>}</p>
        <Button onPress={() => setEditing(true)}>Edit</Button>
      </div>
      <dl className={`${trace.facts} ${styles.facts}`}>
        <Fact name="Model" value={modelOf(agent) || "none"} />
        <Fact name="Revision" value={<code>{agent.revision.slice(0, 8)}</code>} />
        <Fact name="Updated" value={<Ago at={agent.updated_at} />} />
        <Fact name="Health" value={<Health agentId={agent.id} />} />
        <Fact
          name="Traces"
          value={
            project ? (
              <Link to="/projects/$projectId/traces" params={{ projectId: project.id }}>
                All of its runs
              </Link>
            ) : (
              "none yet"
            )
          }
        />
      </dl>
      {isEditing && <EditSettings agent={agent} onClose={() => setEditing(false)} />}
    </section>
  );
}

function EditSettings({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const [draft, setDraft] = useState({ name: agent.name, description: agent.description, model: modelOf(agent) });
  const change = (changed: Partial<typeof draft>) => setDraft({ ...draft, ...changed });
  async function save() {
    const { name, description, model } = draft;
    await updateAgent(agent.id, {
      name,
      description,
      ...(model === modelOf(agent) ? {} : { runtime: { ...agent.runtime, model: { model_id: model } } }),
    });
    tell("Saved");
  }
  return (
    <FormDialog
      title="Settings of the agent"
      action="Save"
      isOpen
      onClose={onClose}
      disabled={!draft.name.trim()}
      onSubmit={() => void save().catch(tellError)}
    >
      <Field label="Name" autoFocus required value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      <TextArea
        label="Description"
        value={draft.description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <Field
        label="Model, as provider:model"
        value={draft.model}
        onChange={(event) => change({ model: event.target.value })}
      />
    </FormDialog>
  );
}

function Tools({ tools: { tools = [], interrupt_config: asks = {} } }: { tools: Agent["tools"] }) {
  const isAsked = (name: string, url: string) =>
    Object.entries(asks).some(([key, on]) => on && (key === name || key.startsWith(`${url.replace(/\/$/, "")}::${name}`)));
  if (tools.length === 0) return <Nothing>Only those that every agent has: files, and calling subagents.</Nothing>;
  return (
    <ul className={styles.parts}>
      {tools.map((tool) => (
        <li key={`${tool.mcp_server_url} ${tool.name}`}>
          <b>{tool.display_name || tool.name}</b>
          <span className="quiet">{tool.mcp_server_name || tool.mcp_server_url}</span>
          {isAsked(tool.name, tool.mcp_server_url) && <Tag text="asks first" look="warn" />}
        </li>
      ))}
    </ul>
  );
}

function FileLink({ agentId, path, text }: { agentId: string; path: string; text: string }) {
  return (
    <Link to="/agents/$agentId/files" params={{ agentId }} search={{ file: path }} dir="auto">
      {text}
    </Link>
  );
}

interface PartProps {
  title: string;
  file?: string;
  agentId?: string;
  children: ReactNode;
}

function Part({ title, file, agentId, children }: PartProps) {
  return (
    <section className={styles.part} aria-label={title}>
      <div className={styles.partHead}>
        <h2>{title}</h2>
        {file && agentId && <FileLink agentId={agentId} path={file} text={`Edit ${file}`} />}
      </div>
      {children}
    </section>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return <span className="quiet">{children}</span>;
}
