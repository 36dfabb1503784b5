import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { QueryError } from "../api/client";
import { listOf, scoreNamesOf, statsOf, type ListQuery, type RecordOf, type Stats } from "../api/queries";
import { Button } from "../components/Button";
import { RangePicker } from "../components/RangePicker";
import { useShortcuts } from "../components/shortcuts";
import { Loading, Problem } from "../components/states";
import { FilterBar } from "../filters/FilterBar";
import type { Known } from "../filters/completion";
import { parse } from "../filters/grammar";
import type { Noun } from "../filters/language";
import { count } from "../format/figures";
import { ColumnMenu } from "./ColumnMenu";
import type { Column } from "./column";
import { DataTable } from "./DataTable";
import { useHeld } from "./held";
import { useLayout } from "./layout";
import { Pager } from "./Pager";
import { DEFAULT_SIZE, type ListSearch } from "./search";
import styles from "./table.module.css";
import { Totals } from "./Totals";

const LIVE_MS = 2000;

interface Props<N extends Noun> {
  noun: N;
  projectId: string;
  search: ListSearch;
  onSearch: (search: ListSearch) => void;
  columns: (scoreNames: readonly string[]) => Column<RecordOf<N>>[];
  rowId: (row: RecordOf<N>) => string;
  onOpen: (row: RecordOf<N>) => void;
  known: (rows: RecordOf<N>[]) => Known;
  isBad?: (row: RecordOf<N>) => boolean;
  bulk: (rows: RecordOf<N>[], clear: () => void) => ReactNode;
  empty: ReactNode;
}

/** A list of one noun: filter, time, columns, order, page and selection. All but the last two are in the URL. */
export function RecordTable<N extends Noun>(props: Props<N>) {
  const { noun, projectId, search, onSearch } = props;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isScrolled, setScrolled] = useState(false);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const layout = useLayout(noun);
  const list = listQuery(noun, projectId, search);
  const live = search.live === true;
  const { data: latest, error, refetch, isPlaceholderData } = useQuery({
    ...listOf(noun, list),
    refetchInterval: live ? LIVE_MS : false,
  });
  const { data: scoreNames = [] } = useQuery(scoreNamesOf(noun, projectId));
  const { data: stats } = useQuery({ ...statsOf(noun, list), refetchInterval: live ? 2 * LIVE_MS : false });
  const isReading = live && (isScrolled || selected.size > 0);
  const held = useHeld(latest, isPlaceholderData ? "" : JSON.stringify(list), isReading);
  const data = held.shown;

  const change = (changed: ListSearch) => {
    setSelected(new Set());
    onSearch({ ...search, page: 1, ...changed });
  };
  const toggleLive = () => change({ live: !live, sort: "" });
  useShortcuts([{ key: "l", about: "Watch new ones arrive", run: toggleLive }]);

  const columns = props.columns(scoreNames);
  const rows = (data?.content ?? []) as RecordOf<N>[];
  const known = { ...props.known(rows), ...scoreKeys(noun, scoreNames) };
  const isFiltered = Boolean(search.q || search.range);
  return (
    <div className={styles.frame}>
      <div className={styles.toolbar}>
        <FilterBar noun={noun} text={search.q ?? ""} known={known} error={error} onChange={(q) => change({ q })} />
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
            onOpen={props.onOpen}
            selected={selected}
            onSelect={setSelected}
            scroller={scroller}
            {...(props.isBad ? { isBad: props.isBad } : {})}
          />
        )}
      </div>
      {selected.size > 0 && (
        <div className={styles.bulk} role="toolbar" aria-label="Selected rows">
          {props.bulk(
            rows.filter((row) => selected.has(props.rowId(row))),
            () => setSelected(new Set()),
          )}
        </div>
      )}
      <div className={styles.footer}>
        <Totals noun={noun} stats={stats ?? NO_STATS} />
        <Pager
          page={list.page}
          size={list.size}
          total={data?.total ?? 0}
          onPage={(page) => change({ page })}
          onSize={(size) => change({ size })}
        />
      </div>
    </div>
  );
}

const NO_STATS: Stats = new Map();

function listQuery(noun: Noun, projectId: string, search: ListSearch): ListQuery {
  return {
    projectId,
    query: parse(noun, search.q ?? ""),
    range: search.range ?? "",
    sort: search.sort ?? "",
    page: search.page ?? 1,
    size: search.size ?? DEFAULT_SIZE,
  };
}

function scoreKeys(noun: Noun, names: readonly string[]): Known {
  return noun === "traces"
    ? { "feedback_scores.*": names, "span_feedback_scores.*": names }
    : { "feedback_scores.*": names };
}

function NothingFound({ noun, onClear }: { noun: Noun; onClear: () => void }) {
  return (
    <div className={styles.toolbar} role="status">
      <p>No {noun} match this filter and time.</p>
      <Button onPress={onClear}>Show all {noun}</Button>
    </div>
  );
}
