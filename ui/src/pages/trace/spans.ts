import { keepPreviousData, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { answer, api } from "../../api/client";
import type { Span } from "../../api/queries";

// The first part is small, so that there is something to see soon.
const FIRST = 1000;
const PART = 5000;

// What the tree does not show: it is read with the span that is looked at.
const EXCLUDE = JSON.stringify([
  "input",
  "output",
  "metadata",
  "tags",
  "comments",
  "feedback_scores",
  "usage",
  "ttft",
  "source",
  "environment",
  "created_at",
  "created_by",
  "last_updated_by",
  "total_estimated_cost_version",
]);
const SORTING = JSON.stringify([{ field: "start_time", direction: "ASC" }]);

interface Spans {
  spans: Span[];
  total: number | null;
  error: Error | null;
}

function partOf(projectId: string, traceId: string, page: number, size: number) {
  const query = { project_id: projectId, trace_id: traceId, exclude: EXCLUDE, sorting: SORTING, page, size };
  return queryOptions({
    queryKey: ["spans", "of trace", traceId, page, size],
    queryFn: () => answer(api.GET("/v1/private/spans", { params: { query } })),
    staleTime: 60_000,
  });
}

export function firstSpansOf(projectId: string, traceId: string) {
  return partOf(projectId, traceId, 1, FIRST);
}

/** All spans of a trace in parts, the earliest first, without what is in them. While it runs they are asked for again. */
export function useSpans(projectId: string, traceId: string, refetchInterval: number | false): Spans {
  const first = useQuery({
    ...firstSpansOf(projectId, traceId),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  const total = first.data?.total ?? null;
  const parts = total !== null && total > FIRST ? Math.ceil(total / PART) : 0;
  const rest = useQueries({
    queries: Array.from({ length: parts }, (_, at) => partOf(projectId, traceId, at + 1, PART)),
    combine: (results) => ({
      pages: results.map((result) => result.data?.content),
      error: results.find((result) => result.error)?.error ?? null,
    }),
  });
  const spans = useMemo(() => {
    const found = new Map(first.data?.content.map((span) => [span.id, span]));
    for (const span of rest.pages.flatMap((page) => page ?? [])) found.set(span.id, span);
    return [...found.values()];
  }, [first.data, rest]);
  return { spans, total, error: first.error ?? rest.error };
}
