/** Columns that traces, spans and threads have in common. */

import type { Score } from "../api/queries";
import { Tag } from "../components/Tag";
import { cost, count, duration, score } from "../format/figures";
import { fullTime, shortTime } from "../format/times";
import { preview } from "../payload/messages";
import type { Column } from "../table/column";
import styles from "../table/table.module.css";

interface Shared {
  start_time?: string | null;
  duration?: number | null;
  total_estimated_cost?: number | null;
  usage?: Record<string, number> | null;
  tags?: string[] | null;
  feedback_scores?: Score[] | null;
  environment?: string | null;
  source?: string | null;
}

export function payloadColumn<Row>(id: string, header: string, of: (row: Row) => unknown): Column<Row> {
  return { id, header, size: 220, cell: (row) => <span className={styles.clip}>{preview(of(row))}</span> };
}

export function sharedColumns<Row extends Shared>(): Column<Row>[] {
  return [
    {
      id: "start_time",
      header: "Started",
      size: 110,
      sort: "start_time",
      cell: ({ start_time: at }) => (at ? <time dateTime={at} title={fullTime(at)}>{shortTime(at)}</time> : "–"),
    },
    {
      id: "duration",
      header: "Duration",
      size: 90,
      sort: "duration",
      numeric: true,
      cell: (row) => (row.duration == null ? <span className="quiet">running</span> : duration(row.duration)),
    },
    {
      id: "cost",
      header: "Cost",
      size: 84,
      sort: "total_estimated_cost",
      numeric: true,
      cell: (row) => cost(row.total_estimated_cost),
    },
    {
      id: "tokens",
      header: "Tokens",
      size: 80,
      sort: "usage.total_tokens",
      numeric: true,
      cell: (row) => count(row.usage?.["total_tokens"]),
    },
    {
      id: "tags",
      header: "Tags",
      size: 150,
      sort: "tags",
      cell: (row) => row.tags?.map((tag) => <Tag key={tag} text={tag} />),
    },
    { id: "environment", header: "Environment", size: 110, sort: "environment", hidden: true, cell: (row) => row.environment },
    { id: "source", header: "Source", size: 90, hidden: true, cell: (row) => row.source },
  ];
}

export function scoreColumns<Row extends Shared>(names: readonly string[]): Column<Row>[] {
  return names.map((name) => ({
    id: `score ${name}`,
    header: name,
    size: 90,
    sort: `feedback_scores.${name}`,
    numeric: true,
    cell: (row) => {
      const found = row.feedback_scores?.find((each) => each.name === name);
      return found ? <span title={found.reason ?? ""}>{found.category_name || score(found.value)}</span> : "";
    },
  }));
}
