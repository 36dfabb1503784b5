/** What pages ask the server for about agents. Keys begin with `agents`, `agent threads` or `mcp servers`. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { answer, answerExactly, api, type Schemas } from "./client";

export type AgentSummary = Schemas["AgentSummary"];
export type Agent = Schemas["AgentView"];
export type AgentThread = Schemas["AgentThreadDetail"];
export type Run = Schemas["RunView"];
export type McpServer = Schemas["McpServerView"];
export type ThreadStatus = AgentThread["status"];

/** A thread as lists show it. */
export interface ListedThread {
  id: string;
  agentId: string;
  title: string | null;
  status: ThreadStatus;
  metadata: Record<string, unknown>;
  interrupts: Record<string, unknown[]>;
  activeAt: string;
}

const AGENTS_PAGE = 50;
const RUNS_SHOWN = 200;
const ATTENTION_MOST = 100;

export function agentsOf(name: string, sort: string) {
  const [sort_by, sort_order] = sort.split(" ") as ["updated_at", "desc"];
  const query = { page_size: AGENTS_PAGE, sort_by, sort_order, ...(name ? { name } : {}) };
  return infiniteQueryOptions({
    queryKey: ["agents", "list", query],
    initialPageParam: "",
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/v1/deepagents/agents", { params: { query: { ...query, ...(cursor ? { cursor } : {}) } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function agentOf(id: string) {
  return queryOptions({
    queryKey: ["agents", id],
    queryFn: () => answer(api.GET("/v1/deepagents/agents/{agent_id}", { params: { path: { agent_id: id } } })),
  });
}

export function healthOf(id: string) {
  return queryOptions({
    queryKey: ["agents", id, "health"],
    queryFn: () => answer(api.GET("/v1/deepagents/agents/{agent_id}/health", { params: { path: { agent_id: id } } })),
    enabled: false,
  });
}

/** The files of an agent, at a commit or at the newest one. */
export function treeOf(agentId: string, commit = "") {
  const params = { path: { agent_id: agentId }, query: commit ? { commit } : {} };
  return queryOptions({
    queryKey: ["agents", agentId, "files", commit],
    queryFn: () => answer(api.GET("/v1/platform/hub/repos/-/{agent_id}/directories", { params })),
  });
}

/** The commits of an agent's files, the newest first. */
export function revisionsOf(agentId: string) {
  const params = { path: { agent_id: agentId } };
  return queryOptions({
    queryKey: ["agents", agentId, "revisions"],
    queryFn: async () =>
      (await answer(api.GET("/v1/platform/hub/repos/-/{agent_id}/directories/commits", { params }))).commits,
  });
}

export const VIEWS = ["", "attention", "busy", "pinned", "tests"] as const;
export type View = (typeof VIEWS)[number];

export interface ThreadList {
  view: View;
  /** All agents when empty. */
  agentId: string;
  page: number;
  size: number;
}

export interface ThreadPage {
  total: number;
  threads: ListedThread[];
}

type Search = Schemas["AgentThreadSearch"];

const LISTED = ["thread_id", "agent_id", "title", "status", "metadata", "interrupts", "state_updated_at"] as const;

async function search(body: Search): Promise<ThreadPage> {
  const request = api.POST("/v1/deepagents/threads/search", {
    body: { select: [...LISTED], sort_by: "state_updated_at", sort_order: "desc", ...body },
  });
  const found = await answer(request);
  const total = Number((await request).response.headers.get("x-pagination-total") ?? found.length);
  return { total, threads: found.map(listed) };
}

function listed(thread: Schemas["FoundAgentThread"]): ListedThread {
  return {
    id: thread.thread_id ?? "",
    agentId: thread.agent_id ?? "",
    title: thread.title ?? null,
    status: thread.status ?? "idle",
    metadata: thread.metadata ?? {},
    interrupts: thread.interrupts ?? {},
    activeAt: thread.state_updated_at ?? "",
  };
}

/** What waits for a human: questions first, then failures, then what was not read yet. */
async function needingAttention(of: Search): Promise<ListedThread[]> {
  const most = { ...of, limit: ATTENTION_MOST, offset: 0 };
  const groups = await Promise.all([
    search({ ...most, status: "interrupted" }),
    search({ ...most, status: "error" }),
    search({ ...most, status: "idle", metadata: { ...of.metadata, read_status: false } }),
  ]);
  return groups.flatMap((group) => group.threads);
}

/** The server sorts by time only, so the first page begins with what needs attention. */
async function threadPage({ view, agentId, page, size }: ThreadList): Promise<ThreadPage> {
  const metadata = { is_test_run: view === "tests" };
  const of: Search = { metadata, limit: size, offset: (page - 1) * size, ...(agentId ? { agent_id: agentId } : {}) };
  if (view === "attention") {
    const threads = await needingAttention(of);
    return { total: threads.length, threads };
  }
  if (view === "busy") return search({ ...of, status: "busy" });
  if (view === "pinned") return search({ ...of, metadata: { ...metadata, is_pinned: true } });
  if (view === "tests" || page > 1) return search(of);
  const [waiting, recent] = await Promise.all([needingAttention(of), search(of)]);
  const ids = new Set(waiting.map((thread) => thread.id));
  return { total: recent.total, threads: [...waiting, ...recent.threads.filter((thread) => !ids.has(thread.id))] };
}

export function threadsOf(list: ThreadList) {
  return queryOptions({
    queryKey: ["agent threads", "list", list],
    queryFn: () => threadPage(list),
    placeholderData: keepPreviousData,
  });
}

export const attentionCount = queryOptions({
  queryKey: ["agent threads", "attention"],
  queryFn: async () => (await answer(api.GET("/v1/deepagents/threads/count", {}))).attention_count,
});

export function agentThreadOf(id: string) {
  return queryOptions({
    queryKey: ["agent threads", id],
    queryFn: () =>
      answerExactly<AgentThread>(
        api.GET("/v1/deepagents/threads/{thread_id}", { params: { path: { thread_id: id } }, parseAs: "text" }),
      ),
  });
}

/** The newest first. */
export function runsOf(threadId: string) {
  const params = { path: { thread_id: threadId }, query: { limit: RUNS_SHOWN } };
  return queryOptions({
    queryKey: ["agent threads", threadId, "runs"],
    queryFn: () => answer(api.GET("/v1/deepagents/threads/{thread_id}/runs", { params })),
  });
}

export const mcpServers = queryOptions({
  queryKey: ["mcp servers"],
  queryFn: () => answer(api.GET("/v1/deepagents/mcp-servers", {})),
});

export interface McpTool {
  name: string;
  description?: string;
}

export function toolsOf(server: McpServer) {
  const query = {
    url: server.url,
    ...(server.oauth_provider_id ? { oauth_provider_id: server.oauth_provider_id } : {}),
  };
  return queryOptions({
    queryKey: ["mcp servers", server.id, "tools"],
    queryFn: async () => {
      const { tools } = await answer(api.GET("/v1/deepagents/mcp/tools", { params: { query } }));
      return tools as unknown as McpTool[];
    },
    enabled: false,
  });
}
