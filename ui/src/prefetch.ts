/** What a page or a list shows first, asked for while the pointer is still on what leads to it. None waits for this. */

import { listOf, projectOf, threadOf, traceOf } from "./api/queries";
import type { Noun } from "./filters/language";
import { firstSpansOf } from "./pages/trace/spans";
import { queryClient } from "./query";
import { listQuery, type ListSearch } from "./table/search";

export function prefetchList(noun: Noun, projectId: string, search: ListSearch) {
  void queryClient.prefetchQuery({ ...projectOf(projectId), staleTime: Infinity }); // not again for each page of its list
  void queryClient.prefetchQuery(listOf(noun, listQuery(noun, projectId, search)));
}

export function prefetchTrace(projectId: string, traceId: string) {
  void queryClient.prefetchQuery(traceOf(traceId));
  void queryClient.prefetchQuery(firstSpansOf(projectId, traceId));
}

export function prefetchThread(projectId: string, threadId: string) {
  void queryClient.prefetchQuery(threadOf(projectId, threadId));
}
