import { QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "./api/client";
import { tellError } from "./components/toasts";

const RETRIES = 2;

/** What was asked for as a link was pointed at is not asked for again as the page opens. */
const FRESH_MS = 1500;

/** What is shown is asked for again when one comes back to it. What the server refuses is not asked for twice. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askWhoIsSignedIn }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => !(error instanceof ApiError) && failures < RETRIES,
    },
    mutations: { onError: tellError },
  },
});

/** After a change: all that may show it is asked for again. */
export function refresh(...nouns: string[]) {
  for (const noun of nouns) void queryClient.invalidateQueries({ queryKey: [noun] });
}

/** A list that one leaves is asked for again when one comes back, however fresh it is. */
export function leaveList(noun: string) {
  for (const part of ["list", "stats"]) {
    void queryClient.invalidateQueries({ queryKey: [noun, part], refetchType: "none" });
  }
}

/** A session ends on the server, too. */
function askWhoIsSignedIn(error: Error) {
  if (error instanceof ApiError && error.status === 401) refresh("session");
}
