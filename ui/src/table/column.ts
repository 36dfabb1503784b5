import type { ReactNode } from "react";

/** One column of a table. `sort` is the server's name for ordering by it. `hidden` ones are shown on demand. */
export interface Column<Row> {
  id: string;
  header: string;
  size: number;
  sort?: string;
  numeric?: boolean;
  hidden?: boolean;
  cell: (row: Row) => ReactNode;
}
