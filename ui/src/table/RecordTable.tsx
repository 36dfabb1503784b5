import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";

import { BulkActions } from "../annotate/BulkActions";
import { Lines } from "../annotate/saving";
import type { Subject } from "../api/changes";
import { QueryError } from "../api/client";
import { findAll, readPage, readWhole } from "../api/matches";
import { listOf, scoreNamesOf, statsOf, type RecordOf, type Stats } from "../api/queries";
import { Button } from "../components/Button";
import { RangePicker } from "../components/RangePicker";
import { useShortcuts } from "../components/shortcuts";
import { Loading, Problem } from "../components/states";
import { tellError } from "../components/toasts";
import { work } from "../components/work";
import { FilterBar } from "../filters/FilterBar";
import type { Noun } from "../filters/language";
import { count } from "../format/figures";
import { prefetchList } from "../prefetch";
import { leaveList } from "../query";
import { ColumnMenu } from "./ColumnMenu";
import type { Column } from "./column";
import { DataTable } from "./DataTable";
import { useHeld } from "./held";
import { useLayout } from "./layout";
import { Pager } from "./Pager";
import { listQuery, type ListSearch } from "./search";
import { useSelection } from "./selection";
import styles from "./table.module.css";
import { Totals } from "./Totals";
import { visit } from "./visited";

const LIVE_MS = 2000;

interface Props<N extends Noun> {
  noun: N;
  projectId: string;
  search: ListSearch;
  onSearch: (search: ListSearch) => void;
  columns: (scoreNames: readonly string[]) => Column<RecordOf<N>>[];
  rowId: (row: RecordOf<N>) => string;
  onOpen: (row: RecordOf<N>) => void;
  onPoint: (row: RecordOf<N>) => void;
  isBad?: (row: RecordOf<N>) => boolean;
  subjectOf: (row: RecordOf<N>) => Subject;
  empty: ReactNode;
}

/** A list of one noun: filter, time, columns, order, page and selection. All but the last two are in the URL. */
export function RecordTable<N extends Noun>(props: Props<N>) {
  const { noun, projectId, search, onSearch, columns: columnsOf } = props;
  const [isScrolled, setScrolled] = useState(false);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const layout = useLayout(noun);
  const list = listQuery(noun, projectId, search);
  const live = search.live === true;
  const { data: latest, error, refetch, isPending, isPlaceholderData } = useQuery({
    ...listOf(noun, list),
    refetchInterval: live ? LIVE_MS : false,
  });
  const { data: scoreNames = NO_NAMES } = useQuery(scoreNamesOf(noun, projectId));
  const { data: stats } = useQuery({
    ...statsOf(noun, list),
    enabled: ({ state }) => state.data !== undefined || !(isPending || isPlaceholderData), // not before the rows
    refetchInterval: live ? 2 * LIVE_MS : false,
  });
  const selection = useSelection();
  const isReading = live && (isScrolled || selection.ids.size > 0);
  const held = useHeld(latest, isPlaceholderData ? "" : JSON.stringify(list), isReading);
  const data = held.shown;
  const rows = (data?.content ?? NO_ROWS) as RecordOf<N>[];

  const prepare = (changed: ListSearch) => prefetchList(noun, projectId, { ...search, page: 1, ...changed });
  const change = (changed: ListSearch) => {
    prepare(changed);
    selection.clear();
    onSearch({ ...search, page: 1, ...changed });
  };
  const turn = (page: number) => (selection.isBeyondPage ? onSearch({ ...search, page }) : change({ page }));
  const toggleLive = () => change({ live: !live, sort: "" });
  useShortcuts([{ key: "l", about: "Watch new ones arrive", run: toggleLive }]);

  useEffect(() => {
    const ids = rows.map(props.subjectOf).map((subject) => subject.threadId ?? subject.id);
    visit(noun, { projectId, search, ids });
  });

  useEffect(() => () => leaveList(noun), [noun]);

  const columns = useMemo(() => columnsOf(scoreNames), [columnsOf, scoreNames]);
  const isFiltered = Boolean(search.q || search.range);
  const total = data?.total ?? 0;
  const isPageSelected = rows.length > 0 && rows.every((row) => selection.ids.has(props.rowId(row)));
  async function selectAll() {
    const found = await work(`Finding all ${noun}`, total, (progress) => findAll(noun, list, props.rowId, progress));
    if (found) selection.setAll(found.map(props.subjectOf));
  }
  async function exportSelected() {
    const lines = new Lines();
    const isWhole = await work(`Reading ${noun}`, selection.ids.size, async (progress) => {
      const pages = selection.isBeyondPage ? readWhole(noun, list, props.rowId, progress) : readPage(noun, list);
      for await (const rows of pages) lines.add(rows.filter((row) => selection.ids.has(props.rowId(row))));
      return !progress.signal.aborted;
    });
    if (isWhole) lines.save(`${noun}.jsonl`);
  }
  return (
    <div className={styles.frame}>
      <div className={styles.toolbar}>
        <FilterBar
          noun={noun}
          projectId={projectId}
          text={search.q ?? ""}
          error={error}
          onChange={(q) => change({ q })}
        />
        <RangePicker range={search.range ?? ""} onChange={(range) => change({ range })} />
        <Button look={live ? "on" : undefined} aria-pressed={live} onPress={toggleLive}>
          {live ? "● Live" : "○ Live"}
        </Button>
        <ColumnMenu columns={columns} layout={layout} />
      </div>
      {held.isBehind && latest && data && (
        <div className={styles.held}>
          <Button
            look="primary"
            onPress={() => {
              held.catchUp();
              scroller?.scrollTo({ top: 0 });
            }}
          >
            ↑ {latest.total > data.total ? `${count(latest.total - data.total)} new` : "Show changes"}
          </Button>
        </div>
      )}
      <div
        ref={setScroller}
        className={styles.scroller}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 0)}
        tabIndex={-1}
      >
        {error instanceof QueryError ? null : error && !data ? (
          <Problem error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Loading rows={12} />
        ) : rows.length === 0 ? (
          isFiltered ? <NothingFound noun={noun} onClear={() => change({ q: "", range: "" })} /> : props.empty
        ) : (
          <DataTable
            label={noun}
            rows={rows}
            rowId={props.rowId}
            columns={columns}
            layout={layout}
            sort={search.sort ?? ""}
            sortable={data.sortable_by}
            onSort={(sort) => change({ sort })}
            onPressSort={(sort) => prepare({ sort })}
            onOpen={props.onOpen}
            onPoint={props.onPoint}
            selected={selection.ids}
            onSelect={selection.set}
            scroller={scroller}
            {...(props.isBad ? { isBad: props.isBad } : {})}
          />
        )}
      </div>
      {selection.ids.size > 0 && (
        <div className={styles.bulk} role="toolbar" aria-label="Selected rows">
          <BulkActions
            subjects={selection.subjects(rows.map(props.subjectOf))}
            selection={selection}
            onExport={() => void exportSelected().catch(tellError)}
          />
          {isPageSelected && total > rows.length && !selection.isBeyondPage && (
            <Button look="on" onPress={() => void selectAll().catch(tellError)}>
              Select all {count(total)} {isFiltered ? "that match" : noun}
            </Button>
          )}
        </div>
      )}
      <div className={styles.footer}>
        <Totals noun={noun} stats={stats ?? NO_STATS} />
        <Pager
          page={list.page}
          size={list.size}
          total={total}
          onPage={turn}
          onPoint={(page) => prepare({ page })}
          onSize={(size) => change({ size })}
        />
      </div>
    </div>
  );
}

const NO_ROWS: never[] = [];
const NO_NAMES: readonly string[] = [];
const NO_STATS: Stats = new Map();

function NothingFound({ noun, onClear }: { noun: Noun; onClear: () => void }) {
  return (
    <div className={styles.toolbar} role="status">
      <p>No {noun} match this filter and time.</p>
      <Button onPress={onClear}>Show all {noun}</Button>
    </div>
  );
}
