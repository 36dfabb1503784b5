import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";

import { answer, api } from "../../api/client";
import { projectsOf, projectStatsOf, trendsOf, type Project } from "../../api/queries";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import { DataTable } from "../../table/DataTable";
import { useLayout } from "../../table/layout";
import { Pager } from "../../table/Pager";
import table from "../../table/table.module.css";
import { FirstTrace } from "../FirstTrace";
import styles from "../page.module.css";
import { PageHead } from "../PageHead";
import { useTitle } from "../title";
import { columnsWith } from "./columns";

const SIZE = 50;
const NEWEST = "last_updated_trace_at desc";
const REFRESH_MS = 5000;

const tracesOf = (project: Project) =>
  linkOptions({ to: "/projects/$projectId/traces", params: { projectId: project.id } });

export function ProjectsPage() {
  const search = useSearch({ from: "/projects" });
  const navigate = useNavigate({ from: "/projects" });
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const filter = useRef<HTMLInputElement>(null);
  const layout = useLayout("projects");
  useTitle("Projects");
  const [name, page, sort] = [search.q ?? "", search.page ?? 1, search.sort ?? NEWEST];
  const { data, error, refetch } = useQuery({ ...projectsOf(name, page, SIZE, sort), refetchInterval: REFRESH_MS });
  const { data: stats } = useQuery(projectStatsOf(name, page, SIZE, sort));
  const { data: trends } = useQuery(trendsOf(data?.content.map((project) => project.id) ?? []));
  const columns = useMemo(() => columnsWith(stats ?? new Map(), trends ?? new Map()), [stats, trends]);
  useShortcuts([{ key: "/", about: "Filter", run: () => filter.current?.focus() }]);
  const change = (changed: typeof search) => void navigate({ search: { ...search, page: 1, ...changed }, replace: true });

  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  const isFirst = data?.total === 0 && !name;
  return (
    <div className={styles.page}>
      <PageHead title="Projects">
        {!isFirst && (
          <input
            ref={filter}
            type="search"
            aria-label="Filter projects by name"
            placeholder="Filter by name"
            className={table.filter}
            value={name}
            onChange={(event) => change({ q: event.target.value })}
          />
        )}
      </PageHead>
      <div ref={setScroller} className={table.scroller} tabIndex={-1}>
        {!data ? (
          <Loading />
        ) : isFirst ? (
          <FirstTrace title="Nothing is recorded yet" />
        ) : data.content.length === 0 ? (
          <p className={styles.body}>No project has “{name}” in its name.</p>
        ) : (
          <DataTable<Project>
            label="projects"
            rows={data.content}
            rowId={(project) => project.id}
            columns={columns}
            layout={layout}
            sort={sort}
            sortable={data.sortable_by}
            onSort={(next) => change({ sort: next })}
            onOpen={(project) => void navigate(tracesOf(project))}
            onPoint={(project) => void router.preloadRoute(tracesOf(project))}
            selected={selected}
            onSelect={setSelected}
            scroller={scroller}
          />
        )}
      </div>
      {selected.size > 0 && (
        <div className={table.bulk} role="toolbar" aria-label="Selected projects">
          <b>{selected.size} selected</b>
          <Button look="danger" onPress={() => setAsking(true)}>
            Delete …
          </Button>
        </div>
      )}
      {!isFirst && (
        <div className={table.footer}>
          <span className={styles.grow} />
          <Pager page={page} size={SIZE} total={data?.total ?? 0} onPage={(next) => change({ page: next })} />
        </div>
      )}
      <DeleteProjects
        projects={data?.content.filter((project) => selected.has(project.id)) ?? []}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onDone={() => setSelected(new Set())}
      />
    </div>
  );
}

interface DeleteProps {
  projects: Project[];
  isOpen: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** All that is in them goes too, so the name, or how many they are, has to be typed. */
function DeleteProjects({ projects, isOpen, onClose, onDone }: DeleteProps) {
  const [typed, setTyped] = useState("");
  const wanted = projects.length === 1 ? (projects[0]?.name ?? "") : String(projects.length);
  async function submit() {
    try {
      await answer(api.POST("/v1/private/projects/delete", { body: { ids: projects.map((project) => project.id) } }));
      tell(projects.length === 1 ? `Deleted ${wanted}` : `Deleted ${wanted} projects`);
      onDone();
      refresh("projects");
    } catch (error) {
      tellError(error as Error);
    }
  }
  return (
    <FormDialog
      title={projects.length === 1 ? "Delete this project?" : "Delete these projects?"}
      action="Delete for good"
      danger
      disabled={typed !== wanted}
      isOpen={isOpen}
      onClose={() => {
        setTyped("");
        onClose();
      }}
      onSubmit={() => void submit()}
    >
      <p>All traces, spans, threads, scores and files in {projects.map((project) => project.name).join(", ")} go too.</p>
      <Field label={`Type ${wanted} to go on`} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </FormDialog>
  );
}
