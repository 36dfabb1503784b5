import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { QueryError } from "../../api/client";
import { metricOf, type Interval, type MetricQuery, type MetricType } from "../../api/queries";
import { TimeChart } from "../../charts/TimeChart";
import { RangePicker } from "../../components/RangePicker";
import { Loading, Problem } from "../../components/states";
import { FilterBar } from "../../filters/FilterBar";
import { parse } from "../../filters/grammar";
import { wireFilterList } from "../../filters/language";
import { cost, duration, percent, score, shortCount } from "../../format/figures";
import { rangeOf, timesOf } from "../../format/ranges";
import table from "../../table/table.module.css";
import styles from "./metrics.module.css";

const FROM = "/projects/$projectId/metrics";
const DEFAULT_RANGE = "7d";
const ALWAYS = "90d";
const DAY_MS = 86_400_000;
const MOST_LINES = 8;

type Text = (value: number | null) => string;

const CHARTS: { title: string; metric: MetricType; text: Text; bars?: boolean }[] = [
  { title: "Traces", metric: "TRACE_COUNT", text: shortCount, bars: true },
  { title: "Error rate", metric: "TRACE_ERROR_RATE", text: percent },
  { title: "Duration", metric: "DURATION", text: duration },
  { title: "Cost", metric: "COST", text: cost, bars: true },
  { title: "Tokens", metric: "TOKEN_USAGE", text: shortCount },
  { title: "Scores", metric: "FEEDBACK_SCORES", text: score },
];

export function MetricsPage() {
  const { projectId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const range = search.range ?? DEFAULT_RANGE;
  const text = search.q ?? "";
  const query = useMemo(() => parse("traces", text), [text]);
  const times = useMemo(() => timesOf(range || ALWAYS), [range]);
  const asked = {
    projectId,
    interval: intervalOf(times.from_time!, times.to_time),
    start: times.from_time!,
    ...(times.to_time ? { end: times.to_time } : {}),
    query: { ...query, filters: wireFilterList("traces", query.filters) },
  };
  const { error } = useQuery(metricOf({ ...asked, metric: CHARTS[0]!.metric }));
  const change = (changed: typeof search) => void navigate({ search: { ...search, ...changed } });
  return (
    <div className={styles.page}>
      <div className={table.toolbar}>
        <FilterBar
          noun="traces"
          projectId={projectId}
          text={text}
          error={error}
          onChange={(q) => change({ q })}
        />
        <RangePicker range={range} onChange={(next) => change({ range: next || ALWAYS })} />
      </div>
      <div className={styles.charts}>
        {CHARTS.map((chart) => (
          <Metric
            key={chart.metric}
            {...chart}
            asked={asked}
            onBrush={(from, to) => change({ range: rangeOf(from, Math.max(to, from + 60_000)) })}
          />
        ))}
      </div>
      <p className={styles.hint}>Drag over a chart to look closer. Days and hours are in UTC.</p>
    </div>
  );
}

interface MetricProps {
  title: string;
  metric: MetricType;
  text: Text;
  bars?: boolean;
  asked: Omit<MetricQuery, "metric">;
  onBrush: (fromMs: number, toMs: number) => void;
}

function Metric({ title, metric, text, bars, asked, onBrush }: MetricProps) {
  const { data, error, refetch } = useQuery(metricOf({ ...asked, metric }));
  const shown = useMemo(() => {
    const results = (data?.results ?? []).filter((series) => !series.name.startsWith("original_usage."));
    return {
      times: results[0]?.data.map((point) => Date.parse(point.time) / 1000) ?? [],
      lines: results.slice(0, MOST_LINES).map((series) => ({
        name: series.name.replace(/^duration\./, "").replaceAll("_", " "),
        values: series.data.map((point) => point.value),
      })),
    };
  }, [data]);
  if (error instanceof QueryError) return null;
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  return (
    <TimeChart title={title} times={shown.times} lines={shown.lines} text={text} bars={bars ?? false} onBrush={onBrush} />
  );
}

function intervalOf(start: string, end: string | undefined): Interval {
  const days = ((end ? Date.parse(end) : Date.now()) - Date.parse(start)) / DAY_MS;
  if (days <= 3) return "HOURLY";
  return days <= 200 ? "DAILY" : "WEEKLY";
}
