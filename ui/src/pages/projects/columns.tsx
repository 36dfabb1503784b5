import { Link } from "@tanstack/react-router";

import { TREND_DAYS, type Project, type ProjectStats, type Trend } from "../../api/queries";
import { Sparkline } from "../../charts/Sparkline";
import { Ago } from "../../components/Ago";
import { cost, count, duration, percent } from "../../format/figures";
import type { Column } from "../../table/column";
import styles from "../../table/table.module.css";

export function columnsWith(stats: Map<string, ProjectStats>, trends: Map<string, Trend>): Column<Project>[] {
  const of = (project: Project) => stats.get(project.id);
  const trend = (project: Project) => trends.get(project.id);
  return [
    {
      id: "name",
      header: "Name",
      size: 240,
      sort: "name",
      cell: (project) => (
        <Link to="/projects/$projectId/traces" params={{ projectId: project.id }} className={styles.link} dir="auto">
          {project.name}
        </Link>
      ),
    },
    {
      id: "active",
      header: "Last trace",
      size: 110,
      sort: "last_updated_trace_at",
      cell: ({ last_updated_trace_at: at }) => <Ago at={at} />,
    },
    {
      id: "volume",
      header: "Traces a day",
      size: 140,
      cell: (project) => <Line values={trend(project)?.traces} name="Traces" text={count} />,
    },
    { id: "traces", header: "Traces", size: 90, numeric: true, cell: (project) => count(of(project)?.trace_count) },
    {
      id: "errors",
      header: "Error rate a day",
      size: 140,
      cell: (project) => <Line values={trend(project)?.error_rate} name="Error rate" text={percent} bad />,
    },
    {
      id: "error_count",
      header: "Errors",
      size: 80,
      numeric: true,
      cell: (project) => count(of(project)?.error_count?.count),
    },
    {
      id: "cost_trend",
      header: "Cost a day",
      size: 140,
      cell: (project) => <Line values={trend(project)?.cost} name="Cost" text={cost} />,
    },
    { id: "cost", header: "Cost", size: 90, numeric: true, cell: (project) => cost(of(project)?.total_estimated_cost_sum) },
    { id: "p50", header: "p50", size: 80, numeric: true, cell: (project) => duration(of(project)?.duration?.p50) },
    { id: "p99", header: "p99", size: 80, numeric: true, cell: (project) => duration(of(project)?.duration?.p99) },
    { id: "threads", header: "Threads", size: 80, numeric: true, cell: (project) => count(of(project)?.thread_count) },
    {
      id: "created",
      header: "Made",
      size: 110,
      sort: "created_at",
      hidden: true,
      cell: (project) => <Ago at={project.created_at} />,
    },
  ];
}

interface LineProps {
  values: readonly (number | null)[] | undefined;
  name: string;
  text: (value: number) => string;
  bad?: boolean;
}

function Line({ values = [], name, text, bad }: LineProps) {
  return (
    <Sparkline
      values={values}
      label={`${name} of the last ${TREND_DAYS} days, today ${text(values.at(-1) ?? 0)}`}
      look={bad ? "bad" : undefined}
    />
  );
}
