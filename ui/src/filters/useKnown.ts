import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { environments, sampleOf, scoreNamesOf } from "../api/queries";
import { knownIn, type Known, type Row } from "./known";
import type { Noun } from "./language";

/** How old may be what is offered: not asked for at each focus, in the way of the rows that are wanted next. */
const FRESH_MS = 60_000;

/** What of a project is asked for once someone writes a filter. */
export function useKnown(noun: Noun, projectId: string, enabled: boolean): Known {
  const when = { enabled, staleTime: FRESH_MS };
  const { data: sample } = useQuery({ ...sampleOf(noun, projectId), ...when });
  const { data: scores = NONE } = useQuery({ ...scoreNamesOf(noun, projectId), ...when });
  const hasSpans = enabled && noun === "traces";
  const { data: ofSpans = NONE } = useQuery({ ...scoreNamesOf("spans", projectId), ...when, enabled: hasSpans });
  const { data: defined } = useQuery({ ...environments, ...when });
  return useMemo(() => {
    const known = knownIn(noun, (sample ?? []) as Row[]);
    const named = defined?.content.map((environment) => environment.name) ?? [];
    return {
      ...known,
      environment: [...new Set([...(known["environment"] ?? []), ...named])],
      "feedback_scores.*": scores,
      "span_feedback_scores.*": ofSpans,
    };
  }, [noun, sample, scores, ofSpans, defined]);
}

const NONE: string[] = [];
