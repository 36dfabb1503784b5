/** What pages ask the server for. Keys begin with the noun, so that a change can refresh all that shows it. What may take
 * long has a signal, by which it is dropped when its page is left: a browser has no more than six requests on their way. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { wireFilters, type Noun, type Query } from "../filters/language";
import { timesOf } from "../format/ranges";
import { wireSorting } from "../format/sorting";
import { answer, answerExactly, api, API_BASE, type Schemas } from "./client";

export type Trace = Schemas["TraceView"];
export type Span = Schemas["SpanView"];
export type Thread = Schemas["ThreadView"];
export type Project = Schemas["ProjectView"];
export type ProjectStats = Schemas["ProjectStatsView"];
export type Score = Schemas["ScoreView"];
export type Comment = Schemas["CommentView"];
export type Definition = Schemas["FeedbackDefinitionPage"]["content"][number];
export type Environment = Schemas["EnvironmentView"];
export type MetricType = NonNullable<Schemas["MetricRequest"]["metric_type"]>;
export type Interval = NonNullable<Schemas["MetricRequest"]["interval"]>;
export type RecordOf<N extends Noun> = N extends "traces" ? Trace : N extends "spans" ? Span : Thread;

export interface ListQuery {
  projectId: string;
  query: Query;
  range: string;
  /** `duration desc` */
  sort: string;
  page: number;
  size: number;
  /** Whether long texts are wanted to their end. */
  isWhole?: boolean;
  exclude?: readonly string[];
}

export interface Page<T> {
  total: number;
  content: T[];
  sortable_by: string[];
}

function selection(noun: Noun, { projectId, query, range }: ListQuery) {
  const filters = wireFilters(noun, query.filters);
  return {
    project_id: projectId,
    ...timesOf(range),
    ...(filters ? { filters } : {}),
    ...(query.search ? { search: query.search } : {}),
    ...(query.query ? { query: query.query } : {}),
  };
}

function listParams(noun: Noun, list: ListQuery) {
  const { page, size, isWhole, exclude } = list;
  const sorting = wireSorting(list.sort);
  return {
    ...selection(noun, list),
    ...(sorting ? { sorting } : {}),
    ...(exclude ? { exclude: JSON.stringify(exclude) } : {}),
    page,
    size,
    truncate: !isWhole,
  };
}

const PATHS = {
  traces: "/v1/private/traces",
  spans: "/v1/private/spans",
  threads: "/v1/private/traces/threads",
} as const;

const AS_TEXT = { parseAs: "text" } as const;

/** A page of a list, by what was recorded exactly as it was. */
export function readList<N extends Noun>(noun: N, list: ListQuery, signal?: AbortSignal): Promise<Page<RecordOf<N>>> {
  const path = PATHS[noun] as typeof PATHS.traces; // all take the same
  return answerExactly(api.GET(path, { params: { query: listParams(noun, list) }, ...AS_TEXT, signal }));
}

const STATS = {
  traces: "/v1/private/traces/stats",
  spans: "/v1/private/spans/stats",
  threads: "/v1/private/traces/threads/stats",
} as const;

const SCORE_NAMES = {
  traces: "/v1/private/traces/feedback-scores/names",
  spans: "/v1/private/spans/feedback-scores/names",
  threads: "/v1/private/traces/threads/feedback-scores/names",
} as const;

export function listOf<N extends Noun>(noun: N, list: ListQuery) {
  return queryOptions({
    queryKey: [noun, "list", list],
    queryFn: ({ signal }) => readList(noun, list, signal),
    placeholderData: keepPreviousData,
  });
}

const SAMPLE = 500;

// Of a sample only what is completed from it is wanted.
const NOT_SAMPLED: Record<Noun, readonly string[]> = {
  traces: ["input", "output", "usage", "feedback_scores", "comments", "span_feedback_scores"],
  spans: ["input", "output", "usage", "feedback_scores", "comments"],
  threads: ["first_message", "last_message", "usage", "feedback_scores", "comments"],
};

/** The latest records of a project, without what is in them. */
export function sampleOf(noun: Noun, projectId: string) {
  const query = { project_id: projectId, exclude: JSON.stringify(NOT_SAMPLED[noun]), size: SAMPLE, truncate: true };
  return queryOptions({
    queryKey: ["samples", noun, projectId],
    queryFn: async ({ signal }) => (await answer(api.GET(PATHS[noun], { params: { query }, signal }))).content,
  });
}

export type Stats = Map<string, Schemas["StatsView"]["stats"][number]>;

export function statsOf(noun: Noun, list: ListQuery) {
  return queryOptions({
    queryKey: [noun, "stats", list.projectId, list.query, list.range],
    queryFn: async ({ signal }): Promise<Stats> => {
      const { stats } = await answer(api.GET(STATS[noun], { params: { query: selection(noun, list) }, signal }));
      return new Map(stats.map((stat) => [stat.name, stat]));
    },
    placeholderData: keepPreviousData,
  });
}

export function scoreNamesOf(noun: Noun, projectId: string) {
  return queryOptions({
    queryKey: [noun, "score names", projectId],
    queryFn: async () => {
      const { scores } = await answer(api.GET(SCORE_NAMES[noun], { params: { query: { project_id: projectId } } }));
      return scores.map((score) => score.name).sort();
    },
  });
}

export function projectsOf(name: string, page: number, size: number, sort: string) {
  const query = { page, size, sorting: wireSorting(sort) ?? "", ...(name ? { name } : {}) };
  return queryOptions({
    queryKey: ["projects", "list", query],
    queryFn: () => answer(api.GET("/v1/private/projects", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function projectStatsOf(name: string, page: number, size: number, sort: string) {
  const query = { page, size, sorting: wireSorting(sort) ?? "", ...(name ? { name } : {}) };
  return queryOptions({
    queryKey: ["projects", "stats", query],
    queryFn: async ({ signal }) => {
      const { content } = await answer(api.GET("/v1/private/projects/stats", { params: { query }, signal }));
      return new Map(content.map((stats) => [stats.project_id, stats]));
    },
    placeholderData: keepPreviousData,
  });
}

export function projectOf(id: string) {
  return queryOptions({
    queryKey: ["projects", id],
    queryFn: () => answer(api.GET("/v1/private/projects/{id}", { params: { path: { id } } })),
  });
}

function whole(id: string) {
  return { path: { id }, query: { strip_attachments: true } };
}

export function traceOf(id: string) {
  return queryOptions({
    queryKey: ["traces", id],
    queryFn: () => answerExactly<Trace>(api.GET("/v1/private/traces/{id}", { params: whole(id), ...AS_TEXT })),
  });
}

export function spanOf(id: string) {
  return queryOptions({
    queryKey: ["spans", id],
    queryFn: () => answerExactly<Span>(api.GET("/v1/private/spans/{id}", { params: whole(id), ...AS_TEXT })),
  });
}

export function threadOf(projectId: string, threadId: string) {
  const body = { project_id: projectId, thread_id: threadId, truncate: true };
  return queryOptions({
    queryKey: ["threads", projectId, threadId],
    queryFn: () => answer(api.POST("/v1/private/traces/threads/retrieve", { body })),
  });
}

export interface MetricQuery {
  projectId: string;
  metric: MetricType;
  interval: Interval;
  start: string;
  end?: string;
  query?: Query;
}

export function metricOf({ projectId, metric, interval, start, end, query }: MetricQuery) {
  const filters = query?.filters ?? [];
  const body = {
    metric_type: metric,
    interval,
    interval_start: start,
    ...(end ? { interval_end: end } : {}),
    ...(filters.length ? { trace_filters: filters } : {}),
    ...(query?.query ? { query: query.query } : {}),
  };
  return queryOptions({
    queryKey: ["metrics", projectId, body],
    queryFn: ({ signal }) =>
      answer(api.POST("/v1/private/projects/{id}/metrics", { params: { path: { id: projectId } }, body, signal })),
    placeholderData: keepPreviousData,
  });
}

export type Trend = Schemas["TrendView"];

export const TREND_DAYS = 14;
const DAY_MS = 86_400_000;

/** By project, day by day up to today. In whatever order the list has them, it is the same question. */
export function trendsOf(ids: readonly string[]) {
  const end = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  const body = {
    project_ids: [...ids].sort(),
    interval: "DAILY" as const,
    interval_start: new Date(end - TREND_DAYS * DAY_MS).toISOString(),
    interval_end: new Date(end).toISOString(),
  };
  return queryOptions({
    queryKey: ["projects", "trends", body],
    queryFn: async ({ signal }) => {
      const { projects } = await answer(api.POST("/v1/private/projects/trends", { body, signal }));
      return new Map(projects.map((trend) => [trend.project_id, trend]));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

export function attachmentsOf(projectId: string, entity: "trace" | "span", id: string) {
  return queryOptions({
    queryKey: ["attachments", entity, id],
    queryFn: () =>
      answer(
        api.GET("/v1/private/attachment/list", {
          params: { query: { project_id: projectId, entity_type: entity, entity_id: id, path: btoa(API_BASE) } },
        }),
      ),
  });
}

export const definitions = queryOptions({
  queryKey: ["definitions"],
  queryFn: () => answer(api.GET("/v1/private/feedback-definitions", { params: { query: { page: 1, size: 200 } } })),
});

export const environments = queryOptions({
  queryKey: ["environments"],
  queryFn: () => answer(api.GET("/v1/private/environments", {})),
});
