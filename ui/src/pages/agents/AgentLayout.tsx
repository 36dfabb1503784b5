import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { cloneAgent, createThread, deleteAgent } from "../../api/agentChanges";
import { agentOf, type Agent } from "../../api/agents";
import { Actions } from "../../components/Actions";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { useShortcuts } from "../../components/shortcuts";
import { Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import page from "../page.module.css";
import { Crumb, PageHead, Tab, Tabs } from "../PageHead";
import { useTitle } from "../title";
import { DeletionNote } from "./AgentsPage";

export function AgentLayout() {
  const { agentId } = useParams({ from: "/agents/$agentId" });
  const { data: agent, error, refetch } = useQuery(agentOf(agentId));
  useTitle(agent?.name);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <div className={page.page}>
      <PageHead crumb={<Crumb to="/agents">Agents</Crumb>} title={agent?.name ?? "…"}>
        {agent && <AgentActions agent={agent} />}
      </PageHead>
      <Tabs label="Agent">
        <Tab to="/agents/$agentId" params={{ agentId }}>
          Overview
        </Tab>
        <Tab to="/agents/$agentId/files" params={{ agentId }}>
          Files
        </Tab>
        <Tab to="/agents/$agentId/threads" params={{ agentId }}>
          Threads
        </Tab>
      </Tabs>
      <Outlet />
    </div>
  );
}

function AgentActions({ agent }: { agent: Agent }) {
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  async function talk(isTest: boolean) {
    const threadId = await createThread(agent.id, isTest);
    await navigate({ to: "/agents/$agentId/threads/$threadId", params: { agentId: agent.id, threadId } });
  }
  async function copy() {
    const { id, name } = await cloneAgent(agent.id);
    tell(`Made ${name}`);
    await navigate({ to: "/agents/$agentId", params: { agentId: id } });
  }
  async function remove() {
    await deleteAgent(agent.id);
    tell("Deleted the agent");
    await navigate({ to: "/agents" });
  }
  const start = (isTest: boolean) => void talk(isTest).catch(tellError);
  useShortcuts([{ key: "n", about: "New thread", run: () => start(false) }]);
  return (
    <>
      <Button look="primary" onPress={() => start(false)}>
        New thread
      </Button>
      <Actions
        label="More"
        actions={[
          { label: "New test thread", run: () => start(true) },
          { label: "Copy the agent", run: () => void copy().catch(tellError) },
          { label: "Copy the id", run: () => void navigator.clipboard.writeText(agent.id) },
          { label: "Delete …", run: () => setAsking(true) },
        ]}
      />
      <FormDialog
        title="Delete this agent?"
        action="Delete"
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => void remove().catch(tellError)}
      >
        <DeletionNote agents={[agent]} />
      </FormDialog>
    </>
  );
}
