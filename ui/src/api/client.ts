/** The server's API, with the types that its OpenAPI document gives. */

import createClient from "openapi-fetch";

import { parseRecords } from "../payload/exact";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** The base URL that an SDK is pointed at. */
export const API_BASE = `${window.location.origin}/api`;

export const api = createClient<paths>({ baseUrl: window.location.origin });

/** The API of agents wants to see some key also where none was ever made. */
const OF_AGENTS = /^\/v1\/(deepagents|platform)\//;
const ANY_KEY = "the web interface";

let csrfToken: string | null = null;

/** A request that changes something proves with it that it comes from these pages. */
export function sendToken(token: string | null) {
  csrfToken = token;
}

api.use({
  onRequest({ request }) {
    if (csrfToken && request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    if (!csrfToken && OF_AGENTS.test(new URL(request.url).pathname)) request.headers.set("X-Api-Key", ANY_KEY);
    return request;
  },
});

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A query that the server cannot read: the line with a mark under the place, and what could stand there. */
export class QueryError extends ApiError {
  constructor(
    message: string,
    readonly place: string,
    readonly allowed: readonly string[],
  ) {
    super(400, message);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the server answered. Throws ApiError in the server's own words. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (isQueryError(error)) throw new QueryError(error.message, error.details ?? "", error.allowed ?? []);
  if (!response.ok) throw new ApiError(response.status, messageOf(error) ?? `${response.status} ${response.statusText}`);
  return data as T;
}

/** The same of records that were asked for as text: their payloads are as they were recorded. */
export async function answerExactly<T>(asked: Promise<Answer<string>>): Promise<T> {
  return parseRecords(await answer(asked)) as T;
}

function isQueryError(body: unknown): body is Schemas["QueryErrorMessage"] {
  return typeof body === "object" && body !== null && "offset" in body && "message" in body;
}

function messageOf(body: unknown): string | null {
  if (typeof body === "string") return body || null;
  if (typeof body !== "object" || body === null) return null;
  if ("errors" in body && Array.isArray(body.errors)) return body.errors.join("; ");
  if ("message" in body && typeof body.message === "string") {
    const details = "details" in body && typeof body.details === "string" ? `: ${body.details}` : "";
    return body.message + details;
  }
  for (const name of ["detail", "error"]) {
    const text = (body as Record<string, unknown>)[name];
    if (typeof text === "string") return text;
  }
  return null;
}
