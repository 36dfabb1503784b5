import type { Span } from "../api/queries";
import { cost, duration, shortCount } from "../format/figures";
import { placeOf, type Node, type Period } from "./layout";
import styles from "./waterfall.module.css";

interface Props {
  node: Node<Span>;
  depth: number;
  top: number;
  period: Period;
  isTrace: boolean;
  isSelected: boolean;
  isOpen: boolean;
  onSelect: (id: string) => void;
  onFold: ((id: string, close: boolean) => void) | null;
}

const DEEPEST = 12;

export function Row({ node, depth, top, period, isTrace, isSelected, isOpen, onSelect, onFold }: Props) {
  const { span } = node;
  const { left, width } = placeOf(node, period);
  const type = isTrace ? "trace" : (span.type ?? "general");
  const hasChildren = node.children.length > 0;
  return (
    <div
      id={`span-${span.id}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isSelected}
      {...(hasChildren ? { "aria-expanded": isOpen } : {})}
      className={styles.row}
      data-bad={span.error_info ? true : undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(span.id)}
    >
      <div className={styles.name} style={{ paddingLeft: 6 + Math.min(depth, DEEPEST) * 12 }}>
        {hasChildren && onFold ? (
          <span
            className={styles.fold}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onFold(span.id, isOpen);
            }}
          >
            {isOpen ? "▾" : "▸"}
          </span>
        ) : (
          <span className={styles.fold} />
        )}
        <span className={styles.kind} data-type={type} title={type} />
        <span className={styles.text} dir="auto">
          {span.name || span.id}
        </span>
        {span.error_info ? <span className={styles.error}>error</span> : null}
        {!isOpen && hasChildren && <span className="quiet">+{shortCount(node.descendants)}</span>}
        <span className={styles.figures}>
          {span.total_estimated_cost ? <span>{cost(span.total_estimated_cost)}</span> : null}
          <span>{node.endMs === null ? "…" : duration(node.endMs - node.startMs)}</span>
        </span>
      </div>
      <div className={styles.lane} aria-hidden>
        <span className={styles.bar} data-type={type} style={{ left: `${left}%`, width: `max(2px, ${width}%)` }} />
      </div>
    </div>
  );
}
