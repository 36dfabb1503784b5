import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";

import { traceOf } from "../../api/queries";
import { Loading, Problem } from "../../components/states";

export function FindTrace() {
  const { traceId } = useParams({ from: "/traces/$traceId" });
  const { data: trace, error, refetch } = useQuery(traceOf(traceId));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!trace) return <Loading />;
  return <Navigate to="/projects/$projectId/traces/$traceId" params={{ projectId: trace.project_id, traceId }} replace />;
}
