/** What pages change about agents, their threads and MCP servers. */

import { refresh } from "../query";
import type { Result } from "./changes";
import { answer, api, type Schemas } from "./client";
import type { Agent, Run } from "./agents";

/** The server takes so many threads at a time. */
const MANY = 50;
/** All that the console shows of a run while it goes on. */
const STREAMED = { stream_mode: ["values" as const, "messages-tuple" as const], stream_subgraphs: true };

type Json = Record<string, unknown>;

export async function createAgent(body: Schemas["AgentCreate"]): Promise<Agent> {
  const agent = await answer(api.POST("/v1/deepagents/agents", { body }));
  refresh("agents");
  return agent;
}

export async function updateAgent(id: string, body: Schemas["AgentUpdate"]): Promise<void> {
  await answer(api.PATCH("/v1/deepagents/agents/{agent_id}", { params: { path: { agent_id: id } }, body }));
  refresh("agents");
}

export async function cloneAgent(id: string): Promise<Agent> {
  const params = { path: { agent_id: id } };
  const agent = await answer(api.POST("/v1/deepagents/agents/{agent_id}/clone", { params, body: {} }));
  refresh("agents");
  return agent;
}

export async function deleteAgent(id: string): Promise<void> {
  await answer(api.DELETE("/v1/deepagents/agents/{agent_id}", { params: { path: { agent_id: id } } }));
  refresh("agents");
}

/** Texts by path, null for what goes. The server answers 409 when `parent` is not the newest commit any more. */
export async function commitFiles(agentId: string, files: Record<string, string | null>, parent: string): Promise<string> {
  const written = Object.entries(files).map(([path, content]) => [path, content === null ? null : { content }] as const);
  const { commit } = await answer(
    api.POST("/v1/platform/hub/repos/-/{agent_id}/directories/commits", {
      params: { path: { agent_id: agentId } },
      body: { files: Object.fromEntries(written), parent_commit: parent },
    }),
  );
  refresh("agents");
  return commit.commit_hash;
}

export async function createThread(agentId: string, isTest = false): Promise<string> {
  const body = { agent_id: agentId, options: { test_run: isTest } };
  const thread = await answer(api.POST("/v1/deepagents/threads", { body }));
  refresh("agent threads");
  return thread.id;
}

export interface ThreadChange {
  title?: string | null;
  metadata?: Json;
}

export async function updateThread(id: string, body: ThreadChange): Promise<void> {
  await answer(api.PATCH("/v1/deepagents/threads/{thread_id}", { params: { path: { thread_id: id } }, body }));
  refresh("agent threads");
}

/** What became of each. */
export function changeThreads(ids: readonly string[], data: ThreadChange): Promise<Result[]> {
  return inPages(ids, (thread_ids) =>
    answer(api.POST("/v1/deepagents/threads/bulk-modify", { body: { thread_ids, data } })),
  );
}

export function deleteAgentThreads(ids: readonly string[]): Promise<Result[]> {
  return inPages(ids, (thread_ids) => answer(api.POST("/v1/deepagents/threads/bulk-delete", { body: { thread_ids } })));
}

async function inPages(
  ids: readonly string[],
  send: (ids: string[]) => Promise<Schemas["BatchResults"]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < ids.length; start += MANY) {
    results.push(...(await send(ids.slice(start, start + MANY))).results);
  }
  refresh("agent threads");
  return results;
}

function startRun(threadId: string, body: Schemas["RunStart"]): Promise<Run> {
  const params = { path: { thread_id: threadId } };
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const request = { ...STREAMED, user_timezone: timezone, ...body };
  return answer(api.POST("/v1/deepagents/threads/{thread_id}/runs", { params, body: request }));
}

export function sendMessage(threadId: string, text: string): Promise<Run> {
  return startRun(threadId, { input: { messages: [{ role: "user", content: text }] } });
}

/** Goes on after an interrupt with what it asked for. */
export function resume(threadId: string, answers: unknown): Promise<Run> {
  return startRun(threadId, { command: { resume: answers } });
}

export async function cancelRun({ thread_id, run_id }: Run): Promise<void> {
  const params = { path: { thread_id, run_id } };
  await answer(api.POST("/v1/deepagents/threads/{thread_id}/runs/{run_id}/cancel", { params }));
}

export async function resolveInterrupt(threadId: string): Promise<void> {
  const params = { path: { thread_id: threadId } };
  await answer(api.POST("/v1/deepagents/threads/{thread_id}/resolve-interrupt", { params }));
  refresh("agent threads");
}

export async function addMcpServer(body: Schemas["McpServerCreate"]): Promise<void> {
  await answer(api.POST("/v1/deepagents/mcp-servers", { body }));
  refresh("mcp servers");
}

export async function removeMcpServer(id: string): Promise<void> {
  await answer(api.DELETE("/v1/deepagents/mcp-servers/{mcp_server_id}", { params: { path: { mcp_server_id: id } } }));
  refresh("mcp servers");
}

/** Where the user has to agree, or null if there is a token already. Throws ApiError. */
export async function connectMcpServer(id: string): Promise<{ session: string; url: string } | null> {
  const params = { path: { mcp_server_id: id } };
  const { oauth_provider_id } = await answer(
    api.POST("/v1/deepagents/mcp-servers/{mcp_server_id}/oauth-provider", { params, body: {} }),
  );
  const made = await answer(
    api.POST("/v1/deepagents/auth-sessions", {
      body: { provider_id: oauth_provider_id, scopes: [], strategy: "REUSE" },
    }),
  );
  return made.id && made.verification_url ? { session: made.id, url: made.verification_url } : null;
}

const WAIT_S = 20;

/** Once the user has agreed, or `times` times `WAIT_S` have passed: whether they have. */
export async function isConnected(session: string, times = 15): Promise<boolean> {
  const params = { path: { session_id: session }, query: { wait_seconds: WAIT_S } };
  for (let time = 0; time < times; time++) {
    const { status } = await answer(api.GET("/v1/deepagents/auth-sessions/{session_id}", { params }));
    if (status !== "PENDING") return status === "COMPLETED";
  }
  return false;
}
