import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type MouseEvent } from "react";

import { useShortcuts } from "../components/shortcuts";
import type { Column } from "./column";
import { HeaderCell } from "./HeaderCell";
import type { Layout } from "./layout";
import { NARROWEST } from "./Resizer";
import styles from "./table.module.css";
import { indexOfRow, TableRow } from "./TableRow";

const features = tableFeatures({ columnSizingFeature, columnResizingFeature, columnVisibilityFeature });

const SELECT_PX = 34;
const REST_MS = 80;

interface Props<Row> {
  label: string;
  rows: Row[];
  rowId: (row: Row) => string;
  columns: Column<Row>[];
  layout: Layout;
  sort: string;
  sortable: readonly string[];
  onSort: (sort: string) => void;
  /** An order that may be asked for as soon as the pointer is up. */
  onPressSort?: (sort: string) => void;
  onOpen: (row: Row) => void;
  /** The pointer, or the keys, rest on a row that may be opened next. */
  onPoint?: (row: Row) => void;
  selected: ReadonlySet<string>;
  onSelect: (ids: Set<string>) => void;
  /** What scrolls, once it is there. */
  scroller: HTMLElement | null;
  isBad?: (row: Row) => boolean;
}

/** Rows of one page of a list. Keys: j k move, Enter opens, x selects. */
export function DataTable<Row extends object>(props: Props<Row>) {
  const { rows, rowId, columns, layout, selected, onSelect, onOpen, scroller } = props;
  const [active, setActive] = useState(-1);
  const anchor = useRef(-1);
  const point = useRest(props.onPoint);
  const defs = useMemo(
    () => columns.map((column) => ({ id: column.id, header: column.header, size: column.size, minSize: NARROWEST })),
    [columns],
  );
  const shown = useMemo(() => columns.filter(layout.isShown), [columns, layout]);
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    columnResizeMode: "onChange",
    state: { columnSizing: layout.sizes, columnVisibility: layout.visibility(columns) },
    onColumnSizingChange: (change) =>
      layout.setSizes(typeof change === "function" ? change(layout.sizes) : change),
  });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const rowHeight = useRowHeight();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    initialRect: { width: 0, height: window.innerHeight }, // no row is waited for until it is measured
    scrollPaddingStart: rowHeight,
    overscan: 4,
  });
  const template = `${SELECT_PX}px ${headers.map((header) => `${header.getSize()}px`).join(" ")} 1fr`;
  const width = SELECT_PX + headers.reduce((sum, header) => sum + header.getSize(), 0);

  function move(step: number) {
    const next = Math.max(0, Math.min(rows.length - 1, active + step));
    setActive(next);
    point(rows[next]);
    virtual.scrollToIndex(next);
  }

  function toggle(index: number, extend: boolean) {
    const ids = new Set(selected);
    const [from, to] = extend && anchor.current >= 0 ? [anchor.current, index].sort((a, b) => a - b) : [index, index];
    const on = !selected.has(rowId(rows[index]!));
    for (const row of rows.slice(from, (to ?? index) + 1)) {
      if (on) ids.add(rowId(row));
      else ids.delete(rowId(row));
    }
    anchor.current = index;
    onSelect(ids);
  }

  function press(event: MouseEvent<HTMLElement>) {
    const index = indexOfRow(event.target);
    const row = rows[index];
    if (!row) return;
    setActive(index);
    if (event.target instanceof HTMLInputElement) toggle(index, event.shiftKey);
    else if (!isControl(event.target) && !window.getSelection()?.toString()) onOpen(row);
  }

  useShortcuts([
    { key: "j", about: "Next row", run: () => move(1) },
    { key: "k", about: "Previous row", run: () => move(-1) },
    { key: "Enter", about: "Open the row", run: () => rows[active] && onOpen(rows[active]) },
    { key: "x", about: "Select the row", run: () => rows[active] && toggle(active, false) },
    { key: "X", about: "Select up to the row", run: () => rows[active] && toggle(active, true) },
    { key: "Escape", about: "Select nothing", run: () => onSelect(new Set()) },
  ]);

  const all = rows.length > 0 && rows.every((row) => selected.has(rowId(row)));
  return (
    <div
      className={styles.grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      aria-activedescendant={rows[active] ? `row-${rowId(rows[active])}` : undefined}
      tabIndex={0}
      style={{ width, minWidth: "100%" }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e6, End: 1e6 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        move(step);
      }}
    >
      <div className={styles.head} role="rowgroup">
        <div role="row" aria-rowindex={1} className={styles.row} style={{ gridTemplateColumns: template }}>
          <div role="columnheader" className={styles.check}>
            <input
              type="checkbox"
              aria-label="Select all rows of this page"
              checked={all}
              onChange={() => onSelect(new Set(all ? [] : rows.map(rowId)))}
            />
          </div>
          {headers.map((header, place) => (
            <HeaderCell
              key={header.id}
              column={shown[place]!}
              sort={props.sort}
              sortable={props.sortable}
              onSort={props.onSort}
              onPressSort={props.onPressSort}
              width={header.getSize()}
              onDrag={header.getResizeHandler()}
              onWidth={(width) =>
                width === undefined
                  ? header.column.resetSize()
                  : layout.setSizes({ ...layout.sizes, [header.column.id]: width })
              }
            />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className={styles.body}
        style={{ height: virtual.getTotalSize() }}
        onPointerMove={(event) => point(rows[indexOfRow(event.target)])}
        onPointerLeave={() => point(undefined)}
        onClick={press}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          const id = rowId(row);
          return (
            <TableRow
              key={id}
              row={row}
              id={id}
              index={index}
              top={start}
              columns={shown}
              template={template}
              isActive={index === active}
              isSelected={selected.has(id)}
              isBad={props.isBad?.(row) ?? false}
            />
          );
        })}
      </div>
    </div>
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest(`a, button, input, .${styles.check}`) !== null;
}

/** Tells of a row once it was pointed at for a moment. */
function useRest<Row>(onPoint: ((row: Row) => void) | undefined): (row: Row | undefined) => void {
  const timer = useRef<number>(undefined);
  const pointed = useRef<Row>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (row) => {
    if (row === pointed.current) return;
    pointed.current = row;
    window.clearTimeout(timer.current);
    if (row !== undefined && onPoint) timer.current = window.setTimeout(() => onPoint(row), REST_MS);
  };
}

function useRowHeight(): number {
  const [height, setHeight] = useState(34);
  useEffect(() => {
    setHeight(Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10));
  }, []);
  return height;
}
