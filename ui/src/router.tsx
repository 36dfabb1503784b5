/** Every page: its path, and what of it is in the URL. Pages that need more code than others are loaded when opened. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { Problem } from "./components/states";
import { readThreadSearch } from "./pages/agent-threads/search";
import { NotFound } from "./pages/NotFound";
import { ProjectLayout } from "./pages/project/ProjectLayout";
import { ProjectsPage } from "./pages/projects/ProjectsPage";
import { SpansPage } from "./pages/spans/SpansPage";
import { ThreadsPage } from "./pages/threads/ThreadsPage";
import { TracesPage } from "./pages/traces/TracesPage";
import { prefetchList, prefetchThread, prefetchTrace } from "./prefetch";
import { Shell } from "./shell/Shell";
import { pageOf, rangeOf, readListSearch, sortOf, textOf, type Raw } from "./table/search";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/projects", replace: true });
  },
});

const projects = createRoute({
  getParentRoute: () => root,
  path: "/projects",
  validateSearch: (raw: Raw): { q?: string; sort?: string; page?: number } => ({
    q: textOf(raw["q"]),
    sort: sortOf(raw["sort"]),
    page: pageOf(raw["page"]),
  }),
  component: ProjectsPage,
});

const project = createRoute({ getParentRoute: () => root, path: "/projects/$projectId", component: ProjectLayout });

const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/projects/$projectId/traces", params, replace: true });
  },
});

const traces = createRoute({
  getParentRoute: () => project,
  path: "traces",
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => prefetchList("traces", params.projectId, deps),
  component: TracesPage,
});

const spans = createRoute({
  getParentRoute: () => project,
  path: "spans",
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => prefetchList("spans", params.projectId, deps),
  component: SpansPage,
});

const threads = createRoute({
  getParentRoute: () => project,
  path: "threads",
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => prefetchList("threads", params.projectId, deps),
  component: ThreadsPage,
});

const metrics = createRoute({
  getParentRoute: () => project,
  path: "metrics",
  validateSearch: (raw: Raw): { range?: string; q?: string } => ({ range: rangeOf(raw["range"]), q: textOf(raw["q"]) }),
  component: lazyRouteComponent(() => import("./pages/metrics/MetricsPage"), "MetricsPage"),
});

const trace = createRoute({
  getParentRoute: () => root,
  path: "/projects/$projectId/traces/$traceId",
  validateSearch: (raw: Raw): { span?: string; find?: string } => ({ span: textOf(raw["span"]), find: textOf(raw["find"]) }),
  loader: ({ params }) => prefetchTrace(params.projectId, params.traceId),
  component: lazyRouteComponent(() => import("./pages/trace/TracePage"), "TracePage"),
});

const thread = createRoute({
  getParentRoute: () => root,
  path: "/projects/$projectId/threads/$threadId",
  loader: ({ params }) => prefetchThread(params.projectId, params.threadId),
  component: lazyRouteComponent(() => import("./pages/thread/ThreadPage"), "ThreadPage"),
});

/** Where the links lead that SDKs print: they know the trace, not its project. */
const anyTrace = createRoute({
  getParentRoute: () => root,
  path: "/traces/$traceId",
  component: lazyRouteComponent(() => import("./pages/trace/FindTrace"), "FindTrace"),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: "/agents",
  validateSearch: (raw: Raw): { q?: string; sort?: string } => ({
    q: textOf(raw["q"]),
    sort: /^(name|created_at|updated_at) /.test(String(raw["sort"])) ? sortOf(raw["sort"]) : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/agents/AgentsPage"), "AgentsPage"),
});

const agent = createRoute({
  getParentRoute: () => root,
  path: "/agents/$agentId",
  component: lazyRouteComponent(() => import("./pages/agents/AgentLayout"), "AgentLayout"),
});

const agentOverview = createRoute({
  getParentRoute: () => agent,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/agents/OverviewPage"), "OverviewPage"),
});

const agentFiles = createRoute({
  getParentRoute: () => agent,
  path: "files",
  validateSearch: (raw: Raw): { file?: string; revision?: string } => ({
    file: textOf(raw["file"]),
    revision: /^[0-9a-f]{8,64}$/.test(String(raw["revision"])) ? String(raw["revision"]) : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/agents/FilesPage"), "FilesPage"),
});

const agentThreads = createRoute({
  getParentRoute: () => agent,
  path: "threads",
  validateSearch: readThreadSearch,
  component: lazyRouteComponent(() => import("./pages/agents/AgentThreadsPage"), "AgentThreadsPage"),
});

const agentThread = createRoute({
  getParentRoute: () => root,
  path: "/agents/$agentId/threads/$threadId",
  component: lazyRouteComponent(() => import("./pages/agent-threads/ConsolePage"), "ConsolePage"),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: readThreadSearch,
  component: lazyRouteComponent(() => import("./pages/agent-threads/InboxPage"), "InboxPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/SettingsLayout"), "SettingsLayout"),
});

const settingsGeneral = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/settings/GeneralPage"), "GeneralPage"),
});

const settingsKeys = createRoute({
  getParentRoute: () => settings,
  path: "keys",
  component: lazyRouteComponent(() => import("./pages/settings/KeysPage"), "KeysPage"),
});

const settingsRetention = createRoute({
  getParentRoute: () => settings,
  path: "retention",
  component: lazyRouteComponent(() => import("./pages/settings/RetentionPage"), "RetentionPage"),
});

const routes = root.addChildren([
  home,
  projects,
  project.addChildren([projectHome, traces, spans, threads, metrics]),
  trace,
  thread,
  anyTrace,
  agents,
  agent.addChildren([agentOverview, agentFiles, agentThreads]),
  agentThread,
  inbox,
  settings.addChildren([settingsGeneral, settingsKeys, settingsRetention]),
]);

export const router = createRouter({
  routeTree: routes,
  defaultPreload: "intent",
  defaultErrorComponent: ({ error, reset }) => <Problem error={error as Error} retry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
