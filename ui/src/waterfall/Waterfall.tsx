import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";

import type { Span, Trace } from "../api/queries";
import { useShortcuts } from "../components/shortcuts";
import { duration } from "../format/figures";
import { flatten, growTree, periodOf, type Node } from "./layout";
import { Row } from "./Row";
import styles from "./waterfall.module.css";

const ROW_PX = 28;
const TICKS = [0, 0.5, 1];

interface Props {
  trace: Trace;
  spans: Span[];
  /** The id of a span, or of the trace. */
  selected: string;
  onSelect: (id: string) => void;
  find: string;
}

/** The trace and its spans as a tree, each with its stretch of the time. Keys: j k move, h l close and open. */
export function Waterfall({ trace, spans, selected, onSelect, find }: Props) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const roots = useMemo(() => growTree(spans), [spans]);
  const period = useMemo(() => periodOf(roots, trace, Date.now()), [roots, trace]);
  const rows = useMemo(() => {
    const wanted = find.toLowerCase();
    const found = (span: Span) =>
      [span.name, span.type, span.model, span.id].some((text) => text?.toLowerCase().includes(wanted));
    return flatten(roots, collapsed, wanted ? found : undefined);
  }, [roots, collapsed, find]);
  const root = useMemo(() => traceNode(trace, roots), [trace, roots]);
  const all = useMemo(() => [root, ...rows], [root, rows]);
  const current = useMemo(() => Math.max(0, all.findIndex((row) => row.span.id === selected)), [all, selected]);
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const isWhole = spans.length > 0;
  useEffect(() => {
    if (isWhole) virtual.scrollToIndex(current);
    // Only when another one is selected: the tree may grow while someone scrolls.
  }, [selected, isWhole]);

  const move = (step: number) => {
    const next = all[Math.max(0, Math.min(all.length - 1, current + step))];
    if (next) onSelect(next.span.id);
  };
  const fold = (id: string, close: boolean) => {
    const next = new Set(collapsed);
    if (close) next.add(id);
    else next.delete(id);
    setCollapsed(next);
  };
  useShortcuts([
    { key: "j", about: "Next span", run: () => move(1) },
    { key: "k", about: "Previous span", run: () => move(-1) },
    { key: "h", about: "Close the span", run: () => fold(selected, true) },
    { key: "l", about: "Open the span", run: () => fold(selected, false) },
    { key: "e", about: "Next error", run: () => nextError(all, current, onSelect) },
  ]);

  return (
    <div className={styles.waterfall}>
      <div className={styles.axis} aria-hidden>
        {TICKS.map((tick) => (
          <span key={tick} style={{ left: `${tick * 100}%` }}>
            {duration((period.endMs - period.startMs) * tick)}
          </span>
        ))}
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        role="tree"
        aria-label="Spans"
        tabIndex={0}
        aria-activedescendant={`span-${selected}`}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e6, End: 1e6 }[event.key];
          if (step !== undefined) move(step);
          else if (event.key === "ArrowLeft") fold(selected, true);
          else if (event.key === "ArrowRight") fold(selected, false);
          else return;
          event.preventDefault();
        }}
      >
        <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const node = all[index]!;
            return (
              <Row
                key={node.span.id}
                node={node}
                depth={index === 0 ? 0 : node.depth + 1}
                top={start}
                period={period}
                isTrace={index === 0}
                isSelected={index === current}
                isOpen={!collapsed.has(node.span.id)}
                onSelect={onSelect}
                onFold={index === 0 ? null : fold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function traceNode(trace: Trace, roots: Node<Span>[]): Node<Span> {
  const span = { ...trace, trace_id: trace.id } as Span;
  const [node] = growTree([span]);
  return { ...node!, children: roots, descendants: roots.reduce((sum, child) => sum + child.descendants + 1, 0) };
}

function nextError(rows: Node<Span>[], current: number, onSelect: (id: string) => void) {
  const found = [...rows.slice(current + 1), ...rows.slice(0, current)].find((row) => row.span.error_info);
  if (found) onSelect(found.span.id);
}
