import { splitSort } from "../format/sorting";
import type { Column } from "./column";
import { Resizer } from "./Resizer";
import styles from "./table.module.css";

interface Props<Row> {
  column: Column<Row>;
  sort: string;
  sortable: readonly string[];
  onSort: (sort: string) => void;
  /** The pointer is down on it, and may come up. */
  onPressSort: ((sort: string) => void) | undefined;
  width: number;
  /** Follows the pointer from its press on. */
  onDrag: (event: unknown) => void;
  /** Without a width, back to how it was. */
  onWidth: (width?: number) => void;
}

/** Pressed once it sorts downwards, then upwards, then not at all. Its right edge is for its width. */
export function HeaderCell<Row>({ column, sort, sortable, onSort, onPressSort, width, onDrag, onWidth }: Props<Row>) {
  const [field, direction] = splitSort(sort);
  const mine = column.sort !== undefined && column.sort === field ? direction : undefined;
  const next = mine === "desc" ? `${column.sort} asc` : mine === "asc" ? "" : `${column.sort} desc`;
  const aria = mine === "desc" ? "descending" : mine === "asc" ? "ascending" : "none";
  return (
    <div role="columnheader" aria-sort={aria} className={column.numeric ? styles.numeric : styles.cell}>
      {column.sort && isSortable(column.sort, sortable) ? (
        <button type="button" className={styles.sort} onPointerDown={() => onPressSort?.(next)} onClick={() => onSort(next)}>
          {column.header}
          <span aria-hidden>{mine === "desc" ? " ↓" : mine === "asc" ? " ↑" : ""}</span>
        </button>
      ) : (
        column.header
      )}
      <Resizer name={column.header} width={width} onDrag={onDrag} onWidth={onWidth} />
    </div>
  );
}

function isSortable(field: string, sortable: readonly string[]): boolean {
  return sortable.some((name) => name === field || (name.endsWith(".*") && field.startsWith(name.slice(0, -1))));
}
