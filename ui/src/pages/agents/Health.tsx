import { useQuery } from "@tanstack/react-query";

import { healthOf } from "../../api/agents";
import { Button } from "../../components/Button";
import { Tag } from "../../components/Tag";
import { Tip } from "../../components/Tip";

/** Whether the MCP servers of an agent answer: asked for on demand, as it takes a call to each. */
export function Health({ agentId }: { agentId: string }) {
  const { data, error, isFetching, refetch } = useQuery(healthOf(agentId));
  const check = (
    <Button look="plain" isDisabled={isFetching} onPress={() => void refetch()}>
      {isFetching ? "Checking …" : data || error ? "Again" : "Check"}
    </Button>
  );
  if (error) return <Tip text={error.message}>{check}</Tip>;
  if (!data) return check;
  const { ok, servers } = data.mcp_check;
  const bad = servers.filter((server) => !server.ok);
  const text = ok ? (servers.length ? `${servers.length} of ${servers.length} answer` : "nothing to check") : `${bad.length} of ${servers.length} fail`;
  return (
    <>
      <span title={bad.map((server) => `${server.name}: ${server.error ?? server.error_code}`).join("\n")}>
        <Tag text={text} look={ok ? "good" : "bad"} />
      </span>
      {check}
    </>
  );
}
