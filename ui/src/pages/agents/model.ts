import type { AgentSummary } from "../../api/agents";
import { isJson } from "../../payload/exact";

/** `provider:model`, or nothing. */
export function modelOf(agent: Pick<AgentSummary, "runtime">): string {
  const model = agent.runtime["model"];
  return isJson(model) ? String(model["model_id"] ?? "") : "";
}
