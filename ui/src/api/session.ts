/** Who is signed in. Without keys in force nobody has to be. */

import { queryOptions } from "@tanstack/react-query";

import { queryClient } from "../query";
import { answer, api, sendToken, type Schemas } from "./client";

export type Session = Schemas["SessionView"];

export const session = queryOptions({
  queryKey: ["session"],
  queryFn: async () => kept(await answer(api.GET("/v1/session", {}))),
  staleTime: Infinity,
});

/** Throws ApiError for a key that opens nothing. */
export async function signIn(key: string): Promise<void> {
  queryClient.setQueryData(session.queryKey, kept(await answer(api.POST("/v1/session", { body: { key } }))));
}

/** Begins anew, so that nothing of what was read stays in the page. */
export async function signOut(): Promise<void> {
  await answer(api.DELETE("/v1/session", {}));
  window.location.assign("/");
}

function kept(view: Session): Session {
  sendToken(view.csrf_token ?? null);
  return view;
}
