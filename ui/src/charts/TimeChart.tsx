import "uplot/dist/uPlot.min.css";

import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";

import { useTheme } from "../components/theme";
import styles from "./charts.module.css";

export interface Line {
  name: string;
  values: (number | null)[];
}

interface Props {
  title: string;
  /** In seconds since the epoch. */
  times: number[];
  lines: Line[];
  text: (value: number | null) => string;
  bars?: boolean;
  /** Called with ms since the epoch when someone drags over a stretch of time. */
  onBrush: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 160;
const COLOURS = ["--accent", "--llm", "--tool", "--general", "--guardrail", "--good", "--warn", "--bad"];

/** Lines or bars over time. Charts of a page show the same instant, and dragging over one sets the window. */
export function TimeChart({ title, times, lines, text, bars, onBrush }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const theme = useTheme();
  const brush = useRef(onBrush);
  brush.current = onBrush;
  const isEmpty = lines.every((line) => line.values.every((value) => value === null));

  useEffect(() => {
    const element = host.current;
    if (!element || isEmpty) return;
    const chart = new uPlot(optionsOf(element, times, lines, text, bars ?? false), dataOf(times, lines), element);
    function whenMoved() {
      setAt(chart.cursor.idx ?? null);
    }
    function whenBrushed() {
      const { left, width } = chart.select;
      if (width < 4) return;
      brush.current(chart.posToVal(left, "x") * 1000, chart.posToVal(left + width, "x") * 1000);
      chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    }
    (chart.hooks.setCursor ??= []).push(whenMoved);
    (chart.hooks.setSelect ??= []).push(whenBrushed);
    const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [times, lines, text, bars, isEmpty, theme]);

  const shown = at ?? lastIndex(lines);
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <h2>{title}</h2>
        <span className={styles.legend}>
          {lines.map((line, index) => (
            <span key={line.name}>
              <span className={styles.swatch} style={{ background: `var(${colourOf(index)})` }} />
              {line.name} <b>{text(line.values[shown] ?? null)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      {isEmpty ? (
        <p className={styles.empty}>Nothing in this time</p>
      ) : (
        <div ref={host} className={styles.plot} role="img" aria-label={`${title}: ${describe(lines, text)}`} />
      )}
    </figure>
  );
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

function lastIndex(lines: Line[]): number {
  return Math.max(0, ...lines.map((line) => line.values.findLastIndex((value) => value !== null)));
}

function dataOf(times: number[], lines: Line[]): uPlot.AlignedData {
  return [times, ...lines.map((line) => line.values)];
}

/** For those who do not see the chart. */
function describe(lines: Line[], text: (value: number | null) => string): string {
  return lines
    .map((line) => {
      const values = line.values.filter((value) => value !== null);
      if (!values.length) return `${line.name} nothing`;
      return `${line.name} from ${text(Math.min(...values))} to ${text(Math.max(...values))}, last ${text(values.at(-1)!)}`;
    })
    .join("; ");
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** Days where a tick is at midnight, hours elsewhere. */
function instants(splits: number[]): string[] {
  return splits.map((seconds) => {
    const at = new Date(seconds * 1000);
    return at.getHours() + at.getMinutes() === 0 ? DAY.format(at) : CLOCK.format(at);
  });
}

function optionsOf(
  element: HTMLElement,
  times: number[],
  lines: Line[],
  text: (value: number | null) => string,
  bars: boolean,
) {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const axis = { stroke: colour("--text-quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "metrics" }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: {
      x: { range: (_, first, last) => [first, last + (bars ? (times[1] ?? last) - (times[0] ?? first) : 0)] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      { ...axis, font, size: 26, space: 70, grid: { show: false }, values: (_, splits) => instants(splits) },
      { ...axis, font, size: 62, values: (_, splits) => splits.map((value) => text(value)) },
    ],
    series: [
      {},
      ...lines.map((_, index) => ({
        stroke: colour(colourOf(index)),
        width: 1.5,
        spanGaps: true,
        points: { show: !bars && lines[0]!.values.length < 60, size: 4 },
        ...(bars ? { fill: colour(colourOf(index)), paths: uPlot.paths.bars!({ size: [0.8, 40], align: 1 }) } : {}),
      })),
    ],
  };
  probe.remove();
  return options;
}
