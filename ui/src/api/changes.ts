/** What pages change on the server: the same few things for traces, spans and threads, at most 1,000 at once. */

import type { Noun } from "../filters/language";
import { refresh } from "../query";
import { answer, api, type Schemas } from "./client";

/** What can be tagged, scored and commented on. */
export interface Subject {
  noun: Noun;
  /** Of a thread the id of its model, which is not the one that clients give it. */
  id: string;
  label: string;
  projectId: string;
  tags: readonly string[];
  /** Of spans the trace they are in. */
  traceId?: string;
  /** Of threads the id that clients give. */
  threadId?: string;
}

export interface NewScore {
  name: string;
  value: number;
  category_name?: string;
  reason?: string;
}

export interface TagChange {
  tags_to_add?: string[];
  tags_to_remove?: string[];
}

export type Result = Schemas["BatchResult"];

const EACH_ALONE = { Prefer: "return=representation" };

const TAG_MANY = {
  traces: (ids: string[], update: TagChange) =>
    answer(api.PATCH("/v1/private/traces/batch", { body: { ids, update }, headers: EACH_ALONE })),
  spans: (ids: string[], update: TagChange, traceId: string | undefined) =>
    answer(
      api.PATCH("/v1/private/spans/batch", {
        body: { ids, update: { ...update, trace_id: traceId ?? null } },
        headers: EACH_ALONE,
      }),
    ),
  threads: (ids: string[], update: TagChange) =>
    answer(api.PATCH("/v1/private/traces/threads/batch", { body: { ids, update }, headers: EACH_ALONE })),
};

/** What became of each. */
export async function tagMany(subjects: readonly Subject[], update: TagChange): Promise<Result[]> {
  const noun = subjects[0]?.noun ?? "traces";
  const ids = subjects.map((subject) => subject.id);
  const reply = await TAG_MANY[noun](ids, update, subjects[0]?.traceId);
  refresh(noun);
  return (reply as Schemas["BatchResults"]).results;
}

/** Where a score is given: by whom says the server. */
export async function scoreMany(subjects: readonly Subject[], score: NewScore): Promise<void> {
  const noun = subjects[0]?.noun ?? "traces";
  const given = { ...score, source: "ui" as const };
  if (noun === "threads") {
    const scores = subjects.map(({ projectId, threadId }) => ({
      ...given,
      project_id: projectId,
      thread_id: threadId ?? null,
    }));
    await answer(api.PUT("/v1/private/traces/threads/feedback-scores", { body: { scores } }));
  } else {
    const scores = subjects.map(({ id, projectId }) => ({ ...given, project_id: projectId, id }));
    await answer(api.PUT(`/v1/private/${noun}/feedback-scores`, { body: { scores } }));
  }
  refresh(noun);
}

export async function removeScore(subject: Subject, name: string, projectName: string): Promise<void> {
  const { noun, id, threadId } = subject;
  if (noun === "threads") {
    const body = { project_name: projectName, thread_id: threadId ?? null, names: [name] };
    await answer(api.POST("/v1/private/traces/threads/feedback-scores/delete", { body }));
  } else {
    const params = { path: { id } };
    await answer(api.POST(`/v1/private/${noun}/{id}/feedback-scores/delete`, { params, body: { name } }));
  }
  refresh(noun);
}

export async function commentOn(subject: Subject, text: string): Promise<void> {
  const request = { params: { path: { id: subject.id } }, body: { text } };
  if (subject.noun === "threads") await answer(api.POST("/v1/private/traces/threads/{id}/comments", request));
  else await answer(api.POST(`/v1/private/${subject.noun}/{id}/comments`, request));
  refresh(subject.noun);
}

const COMMENTS = {
  traces: "/v1/private/traces/comments",
  spans: "/v1/private/spans/comments",
  threads: "/v1/private/traces/threads/comments",
} as const;

export async function editComment(noun: Noun, id: string, text: string): Promise<void> {
  const request = { params: { path: { comment_id: id } }, body: { text } };
  await answer(api.PATCH(`${COMMENTS[noun]}/{comment_id}`, request));
  refresh(noun);
}

export async function removeComment(noun: Noun, id: string): Promise<void> {
  await answer(api.POST(`${COMMENTS[noun]}/delete`, { body: { ids: [id] } }));
  refresh(noun);
}

export async function deleteTraces(projectId: string, ids: readonly string[]): Promise<void> {
  await answer(api.POST("/v1/private/traces/delete", { body: { ids: [...ids], project_id: projectId } }));
  refresh("traces", "spans", "threads", "projects");
}

export async function deleteThreads(projectId: string, threadIds: readonly string[]): Promise<void> {
  const body = { thread_ids: [...threadIds], project_id: projectId };
  await answer(api.POST("/v1/private/traces/threads/delete", { body }));
  refresh("traces", "spans", "threads", "projects");
}

export async function closeThreads(projectId: string, threadIds: readonly string[]): Promise<void> {
  const body = { thread_ids: [...threadIds], project_id: projectId };
  await answer(api.PUT("/v1/private/traces/threads/close", { body }));
  refresh("threads");
}

export async function openThread(projectId: string, threadId: string): Promise<void> {
  await answer(api.PUT("/v1/private/traces/threads/open", { body: { thread_id: threadId, project_id: projectId } }));
  refresh("threads");
}

type OfMany = (subjects: readonly Subject[]) => Promise<void>;

const projectOf = (subjects: readonly Subject[]) => subjects[0]?.projectId ?? "";
const threadIdsOf = (subjects: readonly Subject[]) => subjects.map((subject) => subject.threadId ?? "");

/** Of one project. Spans go with their traces only. */
export const DELETE_MANY: Partial<Record<Noun, OfMany>> = {
  traces: (subjects) => deleteTraces(projectOf(subjects), subjects.map((subject) => subject.id)),
  threads: (subjects) => deleteThreads(projectOf(subjects), threadIdsOf(subjects)),
};

export const CLOSE_MANY: Partial<Record<Noun, OfMany>> = {
  threads: (subjects) => closeThreads(projectOf(subjects), threadIdsOf(subjects)),
};
