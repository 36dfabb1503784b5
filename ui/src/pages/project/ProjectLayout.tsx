import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";

import { projectOf } from "../../api/queries";
import { Problem } from "../../components/states";
import styles from "../page.module.css";
import { useTitle } from "../title";

const TABS = [
  { to: "/projects/$projectId/traces", label: "Traces" },
  { to: "/projects/$projectId/spans", label: "Spans" },
  { to: "/projects/$projectId/threads", label: "Threads" },
  { to: "/projects/$projectId/metrics", label: "Metrics" },
] as const;

export function ProjectLayout() {
  const { projectId } = useParams({ from: "/projects/$projectId" });
  const { data: project, error, refetch } = useQuery(projectOf(projectId));
  useTitle(project?.name);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Link to="/projects" className={styles.crumb}>
          Projects
        </Link>
        <span aria-hidden className="quiet">
          /
        </span>
        <h1 dir="auto">{project?.name ?? "…"}</h1>
      </div>
      <nav className={styles.tabs} aria-label="Project">
        {TABS.map((tab) => (
          <Link
            key={tab.to}
            to={tab.to}
            params={{ projectId }}
            className={styles.tab}
            activeProps={{ "data-active": true }}
            activeOptions={{ includeSearch: false }}
          >
            {tab.label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
