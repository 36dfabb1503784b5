import { VIEWS, type View } from "../../api/agents";
import { pageOf, type Raw } from "../../table/search";

/** What of a list of threads is in the URL. */
export interface ThreadSearch {
  view?: View;
  page?: number;
}

export function readThreadSearch(raw: Raw): ThreadSearch {
  return { view: VIEWS.find((each) => each && each === raw["view"]), page: pageOf(raw["page"]) };
}
