/** How the spans of a trace become rows: a tree in the order of their starts, each with its place in time. */

import { preciseMs } from "../format/times";

export interface SpanLike {
  id: string;
  parent_span_id?: string | null;
  name?: string | null;
  start_time?: string | null;
  end_time?: string | null;
}

export interface Node<S extends SpanLike> {
  span: S;
  depth: number;
  startMs: number;
  /** Null while it runs. */
  endMs: number | null;
  children: Node<S>[];
  /** All below it. */
  descendants: number;
}

export interface Period {
  startMs: number;
  endMs: number;
}

/** A span whose parent is not there is a root, and so is one that is its own ancestor. */
export function growTree<S extends SpanLike>(spans: readonly S[]): Node<S>[] {
  const nodes = new Map(spans.map((span) => [span.id, nodeOf(span)]));
  const roots: Node<S>[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parent_span_id ?? "");
    if (parent && parent !== node) parent.children.push(node);
    else roots.push(node);
  }
  const seen = settle(roots);
  for (const node of nodes.values()) {
    if (seen.has(node)) continue;
    const parent = nodes.get(node.span.parent_span_id ?? "");
    if (parent) parent.children = parent.children.filter((child) => child !== node);
    roots.push(node);
    for (const each of settle([node])) seen.add(each);
  }
  return roots.sort(byStart);
}

function nodeOf<S extends SpanLike>(span: S): Node<S> {
  const startMs = span.start_time ? preciseMs(span.start_time) : 0;
  const endMs = span.end_time ? preciseMs(span.end_time) : null;
  return { span, depth: 0, startMs, endMs, children: [], descendants: 0 };
}

function byStart<S extends SpanLike>(a: Node<S>, b: Node<S>): number {
  return a.startMs - b.startMs || (a.span.id < b.span.id ? -1 : 1);
}

/** Sets depths, orders children and counts descendants below these roots; without recursion, as trees may be deep. */
function settle<S extends SpanLike>(roots: Node<S>[]): Set<Node<S>> {
  const reached = new Set<Node<S>>(roots);
  const order: Node<S>[] = [...roots];
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    node.children = node.children.filter((child) => !reached.has(child)).sort(byStart);
    for (const child of node.children) {
      child.depth = node.depth + 1;
      reached.add(child);
      order.push(child);
    }
  }
  for (const node of order.reverse()) {
    node.descendants = node.children.reduce((sum, child) => sum + child.descendants + 1, 0);
  }
  return reached;
}

/** The rows that are to be seen, from top to bottom. `found` restricts them to those it holds for, and their ancestors. */
export function flatten<S extends SpanLike>(
  roots: readonly Node<S>[],
  collapsed: ReadonlySet<string>,
  found?: (span: S) => boolean,
): Node<S>[] {
  const kept = found ? withAncestors(roots, found) : null;
  const rows: Node<S>[] = [];
  const stack = [...roots].reverse();
  while (stack.length) {
    const node = stack.pop()!;
    if (kept && !kept.has(node)) continue;
    rows.push(node);
    if (!kept && collapsed.has(node.span.id)) continue;
    for (let at = node.children.length - 1; at >= 0; at--) stack.push(node.children[at]!);
  }
  return rows;
}

function withAncestors<S extends SpanLike>(roots: readonly Node<S>[], found: (span: S) => boolean): Set<Node<S>> {
  const order = flatten(roots, new Set());
  const kept = new Set<Node<S>>();
  for (const node of order.reverse()) {
    if (found(node.span) || node.children.some((child) => kept.has(child))) kept.add(node);
  }
  return kept;
}

/** The time that all of them take, with those that run up to now. Starts of 1970 are of spans whose create is to come. */
export function periodOf<S extends SpanLike>(roots: readonly Node<S>[], trace: SpanLike, now: number): Period {
  let { startMs, endMs } = nodeOf(trace);
  const stack = [...roots];
  while (stack.length) {
    const node = stack.pop()!;
    if (node.startMs > 0) startMs = startMs > 0 ? Math.min(startMs, node.startMs) : node.startMs;
    if (node.endMs !== null) endMs = Math.max(endMs ?? 0, node.endMs);
    stack.push(...node.children);
  }
  return { startMs, endMs: Math.max(endMs ?? now, startMs + 0.001) };
}

/** In percent of the period. */
export function placeOf({ startMs, endMs }: { startMs: number; endMs: number | null }, period: Period) {
  const length = period.endMs - period.startMs;
  const left = Math.min(100, Math.max(0, ((startMs - period.startMs) / length) * 100));
  const right = (((endMs ?? period.endMs) - period.startMs) / length) * 100;
  return { left, width: Math.max(0, Math.min(100, right) - left) };
}
