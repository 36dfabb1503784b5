import { VIEWS, type View } from "../../api/agents";

/** What of a list of threads is in the URL. */
export interface ThreadSearch {
  view?: View;
  page?: number;
}

export function readThreadSearch(raw: Record<string, unknown>): ThreadSearch {
  const view = VIEWS.find((each) => each && each === raw["view"]);
  return { ...(view ? { view } : {}), ...(Number(raw["page"]) > 1 ? { page: Math.trunc(Number(raw["page"])) } : {}) };
}
