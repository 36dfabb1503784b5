import { Link, linkOptions, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";

import type { Subject } from "../../api/changes";
import type { Thread } from "../../api/queries";
import { Ago } from "../../components/Ago";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { count } from "../../format/figures";
import type { Column } from "../../table/column";
import { RecordTable } from "../../table/RecordTable";
import styles from "../../table/table.module.css";
import { payloadColumn, scoreColumns, sharedColumns } from "../records";

const FROM = "/projects/$projectId/threads";

export function ThreadsPage() {
  const { projectId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const router = useRouter();
  const page = (thread: Thread) =>
    linkOptions({ to: "/projects/$projectId/threads/$threadId", params: { projectId, threadId: thread.id } });
  return (
    <RecordTable
      noun="threads"
      projectId={projectId}
      search={search}
      onSearch={(next) => void navigate({ search: next })}
      columns={columns}
      rowId={(thread) => thread.thread_model_id}
      onOpen={(thread) => void navigate(page(thread))}
      onPoint={(thread) => void router.preloadRoute(page(thread))}
      subjectOf={subjectOf}
      empty={
        <Empty title="No threads in this project">
          <p className="quiet">Traces that have the same thread_id are one thread. With the SDK:</p>
          <pre>opik.opik_context.update_current_trace(thread_id="conversation 1")</pre>
        </Empty>
      }
    />
  );
}

export function subjectOf(thread: Thread): Subject {
  const { id: threadId, thread_model_id: id, project_id: projectId, tags } = thread;
  return { noun: "threads", id, threadId, label: threadId, projectId, tags: tags ?? [] };
}

function columns(names: readonly string[]): Column<Thread>[] {
  return [
    {
      id: "id",
      header: "Thread",
      size: 180,
      sort: "id",
      cell: (thread) => (
        <Link
          to="/projects/$projectId/threads/$threadId"
          params={{ projectId: thread.project_id, threadId: thread.id }}
          className={styles.link}
          dir="auto"
        >
          {thread.id}
        </Link>
      ),
    },
    {
      id: "status",
      header: "Status",
      size: 90,
      sort: "status",
      cell: ({ status }) => <Tag text={status ?? ""} look={status === "active" ? "good" : undefined} />,
    },
    payloadColumn("first", "First message", (thread: Thread) => thread.first_message),
    payloadColumn("last", "Last message", (thread: Thread) => thread.last_message),
    {
      id: "messages",
      header: "Messages",
      size: 90,
      sort: "number_of_messages",
      numeric: true,
      cell: (thread) => count(thread.number_of_messages),
    },
    {
      id: "updated",
      header: "Last active",
      size: 100,
      sort: "last_updated_at",
      cell: ({ last_updated_at: at }) => <Ago at={at} />,
    },
    ...sharedColumns<Thread>(),
    ...scoreColumns<Thread>(names),
  ];
}
