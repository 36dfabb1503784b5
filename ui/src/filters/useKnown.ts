import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { environments, sampleOf, scoreNamesOf } from "../api/queries";
import { knownIn, type Known, type Row } from "./known";
import type { Noun } from "./language";

/** What of a project is asked for once someone writes a filter. */
export function useKnown(noun: Noun, projectId: string, enabled: boolean): Known {
  const { data: sample } = useQuery({ ...sampleOf(noun, projectId), enabled });
  const { data: scores = NONE } = useQuery({ ...scoreNamesOf(noun, projectId), enabled });
  const hasSpans = enabled && noun === "traces";
  const { data: ofSpans = NONE } = useQuery({ ...scoreNamesOf("spans", projectId), enabled: hasSpans });
  const { data: defined } = useQuery({ ...environments, enabled });
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
