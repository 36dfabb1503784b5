/** What the settings ask for and change. */

import { queryOptions, skipToken } from "@tanstack/react-query";

import { queryClient, refresh } from "../query";
import { answer, api, type Schemas } from "./client";
import { signIn } from "./session";

export type ApiKey = Schemas["ApiKeyView"];
export type MadeKey = Schemas["ApiKeyMade"];
export type ProjectRetention = Schemas["ProjectRetentionView"];
export type WouldGo = Schemas["ExpiredView"];

/** Of the workspace, or of one of its projects. */
export interface RetentionChange {
  project: ProjectRetention | null;
  days: number | null;
}

export const apiKeys = queryOptions({
  queryKey: ["keys"],
  queryFn: async () => (await answer(api.GET("/v1/private/api-keys", {}))).content,
});

/** The key that was just made, until it is put away. Not of a page: the first key may lead past the sign-in. */
export const madeKey = queryOptions<MadeKey | null>({
  queryKey: ["made key"],
  queryFn: skipToken,
  initialData: null,
  staleTime: Infinity,
  gcTime: Infinity,
});

/** Whoever makes the first one is signed in with it, as nothing is answered without one from then on. */
export async function createKey(body: { name: string; user_name: string }, isFirst: boolean): Promise<void> {
  const made = await answer(api.POST("/v1/private/api-keys", { body }));
  queryClient.setQueryData(madeKey.queryKey, made);
  try {
    if (isFirst) await signIn(made.key);
  } finally {
    refresh("keys");
  }
}

export function putKeyAway() {
  queryClient.setQueryData(madeKey.queryKey, null);
}

export async function revokeKey({ id }: ApiKey): Promise<void> {
  await answer(api.POST("/v1/private/api-keys/{id}/revoke", { params: { path: { id } } }));
  refresh("keys");
}

export const retention = queryOptions({
  queryKey: ["retention"],
  queryFn: () => answer(api.GET("/v1/private/retention", {})),
});

/** What would go now, as it is set or with a change. */
export async function previewRetention(change?: RetentionChange): Promise<WouldGo> {
  const write = change && { days: change.days, project_id: change.project?.project_id ?? null };
  return answer(api.POST("/v1/private/retention/preview", { body: { change: write ?? null } }));
}

export async function setRetention({ project, days }: RetentionChange): Promise<void> {
  const body = { days };
  if (project) {
    const params = { path: { id: project.project_id } };
    await answer(api.PUT("/v1/private/projects/{id}/retention", { params, body }));
  } else await answer(api.PUT("/v1/private/retention", { body }));
  refresh("retention");
}
