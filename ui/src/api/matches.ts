/** All that a list finds, and not only the page of it that is shown. */

import type { Progress } from "../components/work";
import type { Noun } from "../filters/language";
import { readList, type ListQuery, type RecordOf } from "./queries";

const PAGE = 2000;
const WHOLE_PAGE = 200;

const SHARED = ["start_time", "end_time", "duration", "usage", "feedback_scores", "comments", "created_at", "created_by"];
const PAYLOADS = ["input", "output", "metadata", "error_info", "ttft", "total_estimated_cost"];

/** What is not needed to say which records are meant, and which tags they have. */
const UNNEEDED: Record<Noun, readonly string[]> = {
  traces: [...SHARED, ...PAYLOADS, "span_feedback_scores", "guardrails_validations", "span_count", "llm_span_count"],
  spans: [...SHARED, ...PAYLOADS, "model", "provider", "type"],
  threads: [...SHARED, "first_message", "last_message", "number_of_messages", "total_estimated_cost"],
};

type IdOf<N extends Noun> = (row: RecordOf<N>) => string;

/** Null if someone stopped it. */
export async function findAll<N extends Noun>(noun: N, list: ListQuery, idOf: IdOf<N>, progress: Progress) {
  const found: RecordOf<N>[] = [];
  const narrow = { ...list, sort: "", size: PAGE, exclude: UNNEEDED[noun] };
  for await (const rows of pagesOf(noun, narrow, idOf, progress)) found.push(...rows);
  return progress.signal.aborted ? null : found;
}

/** Page after page with all that is in the records, until someone stops it. */
export function readWhole<N extends Noun>(noun: N, list: ListQuery, idOf: IdOf<N>, progress: Progress) {
  return pagesOf(noun, { ...list, sort: "", size: WHOLE_PAGE, isWhole: true }, idOf, progress);
}

/** The page itself, with all that is in its records. */
export async function* readPage<N extends Noun>(noun: N, list: ListQuery) {
  yield (await readList(noun, { ...list, isWhole: true })).content;
}

/** Newest first: what is recorded meanwhile moves others to a later page, where they are passed over. */
async function* pagesOf<N extends Noun>(noun: N, list: ListQuery, idOf: IdOf<N>, { signal, tell }: Progress) {
  const seen = new Set<string>();
  for (let page = 1; !signal.aborted; page++) {
    const { content, total } = await readList(noun, { ...list, page });
    yield content.filter((row) => !seen.has(idOf(row)));
    if (content.length < list.size) return;
    for (const row of content) seen.add(idOf(row));
    tell(Math.min(seen.size, total), total);
  }
}
