import { splitSort } from "../format/sorting";
import type { Column } from "./column";
import styles from "./table.module.css";

interface Props<Row> {
  column: Column<Row>;
  sort: string;
  sortable: readonly string[];
  onSort: (sort: string) => void;
  resize: (event: unknown) => void;
  onReset: () => void;
}

/** Pressed once it sorts downwards, then upwards, then not at all. Its right edge is for its width. */
export function HeaderCell<Row>({ column, sort, sortable, onSort, resize, onReset }: Props<Row>) {
  const [field, direction] = splitSort(sort);
  const mine = column.sort !== undefined && column.sort === field ? direction : undefined;
  const next = mine === "desc" ? `${column.sort} asc` : mine === "asc" ? "" : `${column.sort} desc`;
  const aria = mine === "desc" ? "descending" : mine === "asc" ? "ascending" : "none";
  return (
    <div role="columnheader" aria-sort={aria} className={column.numeric ? styles.numeric : styles.cell}>
      {column.sort && isSortable(column.sort, sortable) ? (
        <button type="button" className={styles.sort} onClick={() => onSort(next)}>
          {column.header}
          <span aria-hidden>{mine === "desc" ? " ↓" : mine === "asc" ? " ↑" : ""}</span>
        </button>
      ) : (
        column.header
      )}
      <span
        aria-hidden
        className={styles.resizer}
        title="Drag to resize, double-click to reset"
        onMouseDown={resize}
        onTouchStart={resize}
        onDoubleClick={onReset}
      />
    </div>
  );
}

function isSortable(field: string, sortable: readonly string[]): boolean {
  return sortable.some((name) => name === field || (name.endsWith(".*") && field.startsWith(name.slice(0, -1))));
}
