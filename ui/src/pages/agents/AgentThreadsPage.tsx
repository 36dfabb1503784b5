import { useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { ThreadTable } from "../agent-threads/ThreadTable";

const FROM = "/agents/$agentId/threads";

export function AgentThreadsPage() {
  const { agentId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  return (
    <ThreadTable agentId={agentId} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
  );
}
