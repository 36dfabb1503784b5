import { memo, type ReactNode } from "react";

import type { Column } from "./column";
import styles from "./table.module.css";

interface Props<Row> {
  row: Row;
  id: string;
  index: number;
  top: number;
  /** Those that are shown. */
  columns: readonly Column<Row>[];
  /** The widths of columns, for a grid. */
  template: string;
  isActive: boolean;
  isSelected: boolean;
  isBad: boolean;
}

/** It is drawn again only when something of it has changed, so what is done with it is heard by the table. */
export const TableRow = memo(function TableRow<Row>(props: Props<Row>) {
  const { row, id, index, isSelected } = props;
  return (
    <div
      id={`row-${id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-active={props.isActive || undefined}
      data-bad={props.isBad || undefined}
      className={styles.row}
      style={{ gridTemplateColumns: props.template, transform: `translateY(${props.top}px)` }}
    >
      <div role="gridcell" className={styles.check}>
        <input type="checkbox" aria-label={`Select row ${index + 1}`} checked={isSelected} onChange={() => undefined} />
      </div>
      {props.columns.map((column) => (
        <div key={column.id} role="gridcell" className={column.numeric ? styles.numeric : styles.cell}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: Props<Row>) => ReactNode;

/** Of the row that something in it happened to; -1 outside of rows. */
export function indexOfRow(target: EventTarget): number {
  const row = target instanceof Element ? target.closest('[role="row"]') : null;
  return row ? Number(row.getAttribute("aria-rowindex")) - 2 : -1;
}
