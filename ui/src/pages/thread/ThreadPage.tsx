import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { Annotations } from "../../annotate/Annotations";
import { closeThreads, deleteThreads, openThread } from "../../api/changes";
import { listOf, projectOf, threadOf, type Thread } from "../../api/queries";
import { Actions } from "../../components/Actions";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { Tag } from "../../components/Tag";
import { tell, tellError } from "../../components/toasts";
import { EMPTY_QUERY } from "../../filters/language";
import { cost, count, duration } from "../../format/figures";
import { ago, fullTime } from "../../format/times";
import { Neighbours } from "../../table/Neighbours";
import { lastSearch } from "../../table/visited";
import page from "../page.module.css";
import { Crumb, PageHead } from "../PageHead";
import { subjectOf } from "../threads/ThreadsPage";
import { useTitle } from "../title";
import { Fact } from "../trace/Facts";
import trace from "../trace/trace.module.css";
import styles from "./thread.module.css";
import { Turn } from "./Turn";

const FROM = "/projects/$projectId/threads/$threadId";
const SIZE = 50;
const ACTIVE_MS = 4000;

export function ThreadPage() {
  const { projectId, threadId } = useParams({ from: FROM });
  const navigate = useNavigate();
  const { data: project } = useQuery(projectOf(projectId));
  const { data: thread, error, refetch } = useQuery({
    ...threadOf(projectId, threadId),
    refetchInterval: ({ state }) => (state.data?.status === "active" ? ACTIVE_MS : false),
  });
  useTitle(threadId, project?.name);
  const list = lastSearch("threads", projectId);
  useShortcuts([
    {
      key: "u",
      about: "Up to the threads",
      run: () => void navigate({ to: "/projects/$projectId/threads", params: { projectId }, search: list }),
    },
  ]);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!thread) return <Loading />;
  return (
    <div className={page.page}>
      <PageHead
        crumb={
          <Crumb to="/projects/$projectId/threads" params={{ projectId }} search={list}>
            {project?.name ?? "Project"}
          </Crumb>
        }
        title={thread.id}
        state={<Tag text={thread.status ?? ""} look={thread.status === "active" ? "good" : undefined} />}
      >
        <Neighbours
          noun="threads"
          id={threadId}
          onOpen={(id) =>
            void navigate({
              to: "/projects/$projectId/threads/$threadId",
              params: { projectId, threadId: id },
              replace: true,
            })
          }
        />
        <ThreadActions thread={thread} />
      </PageHead>
      <dl className={trace.facts}>
        <Fact name="Messages" value={count(thread.number_of_messages)} />
        <Fact name="Duration" value={duration(thread.duration)} />
        <Fact name="Cost" value={cost(thread.total_estimated_cost)} />
        <Fact name="Tokens" value={count(thread.usage?.["total_tokens"])} />
        <Fact
          name="Last active"
          value={<time title={fullTime(thread.last_updated_at)}>{ago(thread.last_updated_at)}</time>}
        />
      </dl>
      <div className={styles.panes}>
        <Turns projectId={projectId} thread={thread} />
        <aside className={styles.side} aria-label="Review">
          <Annotations
            subject={subjectOf(thread)}
            scores={thread.feedback_scores ?? []}
            comments={thread.comments ?? []}
          />
        </aside>
      </div>
    </div>
  );
}

function Turns({ projectId, thread }: { projectId: string; thread: Thread }) {
  const filter = { field: "thread_id", operator: "=", key: "", value: thread.id };
  const query = { ...EMPTY_QUERY, filters: [filter] };
  const list = { projectId, query, range: "", sort: "start_time asc", size: SIZE };
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["traces", "of thread", projectId, thread.id, thread.last_updated_at],
    initialPageParam: 1,
    queryFn: ({ pageParam: at, client }) => client.fetchQuery(listOf("traces", { ...list, page: at })),
    getNextPageParam: (last, pages) => (pages.length * SIZE < last.total ? pages.length + 1 : undefined),
    placeholderData: (before) => before,
  });
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  // The filter does not mind capitals, ids of threads do.
  const traces = data.pages.flatMap((each) => each.content).filter((each) => each.thread_id === thread.id);
  return (
    <section className={styles.turns} aria-label="Conversation" tabIndex={0}>
      <ol>
        {traces.map((each) => (
          <Turn key={each.id} trace={each} />
        ))}
      </ol>
      {hasNextPage && <Button onPress={() => void fetchNextPage()}>Later messages</Button>}
    </section>
  );
}

function ThreadActions({ thread }: { thread: Thread }) {
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const projectId = thread.project_id;
  const isActive = thread.status === "active";
  async function remove() {
    await deleteThreads(projectId, [thread.id]);
    tell("Deleted the thread");
    await navigate({ to: "/projects/$projectId/threads", params: { projectId }, search: lastSearch("threads", projectId) });
  }
  return (
    <>
      <Button
        onPress={() => {
          const change = isActive ? closeThreads(projectId, [thread.id]) : openThread(projectId, thread.id);
          change.then(() => tell(isActive ? "Closed the thread" : "Opened the thread"), tellError);
        }}
      >
        {isActive ? "Close" : "Open again"}
      </Button>
      <Actions
        label="More"
        actions={[
          { label: "Copy the id", run: () => void navigator.clipboard.writeText(thread.id) },
          { label: "Delete …", run: () => setAsking(true) },
        ]}
      />
      <FormDialog
        title="Delete this thread?"
        action="Delete"
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => void remove().catch(tellError)}
      >
        <p>All its traces, with their spans, scores and files, go too. This cannot be undone.</p>
      </FormDialog>
    </>
  );
}
