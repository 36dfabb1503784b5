import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";

import { projectOf } from "../../api/queries";
import { Problem } from "../../components/states";
import styles from "../page.module.css";
import { Crumb, PageHead, Tab, Tabs } from "../PageHead";
import { useTitle } from "../title";

export function ProjectLayout() {
  const { projectId } = useParams({ from: "/projects/$projectId" });
  const { data: project, error, refetch } = useQuery(projectOf(projectId));
  useTitle(project?.name);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <div className={styles.page}>
      <PageHead crumb={<Crumb to="/projects">Projects</Crumb>} title={project?.name ?? "…"} />
      <Tabs label="Project">
        <Tab to="/projects/$projectId/traces" params={{ projectId }}>
          Traces
        </Tab>
        <Tab to="/projects/$projectId/spans" params={{ projectId }}>
          Spans
        </Tab>
        <Tab to="/projects/$projectId/threads" params={{ projectId }}>
          Threads
        </Tab>
        <Tab to="/projects/$projectId/metrics" params={{ projectId }}>
          Metrics
        </Tab>
      </Tabs>
      <Outlet />
    </div>
  );
}
