/** Days that something is kept, as people say them. */

import type { WouldGo } from "../../api/settings";
import { bytes, count } from "../../format/figures";

export const FOR_GOOD = 0;
export const MAX_DAYS = 36_500;

export function kept(days: number): string {
  if (days === FOR_GOOD) return "for good";
  return days === 1 ? "1 day" : `${count(days)} days`;
}

const COUNTED = [
  ["traces", "trace"],
  ["spans", "span"],
  ["threads", "thread"],
  ["scores", "score"],
  ["comments", "comment"],
  ["attachments", "file"],
] as const;

export function isSomething(project: WouldGo["projects"][number]): boolean {
  return COUNTED.some(([name]) => project[name] > 0);
}

/** "1,204 traces, 2 files, 1.3 MB and 1 thread of agents"; empty where nothing goes. */
export function figures({ projects, agent_threads, agent_runs }: WouldGo): string {
  const sum = (name: (typeof COUNTED)[number][0] | "bytes") => projects.reduce((total, one) => total + one[name], 0);
  const parts = COUNTED.map(([name, noun]) => counted(sum(name), noun));
  const size = sum("bytes");
  if (size) parts.push(bytes(size));
  parts.push(counted(agent_threads, "thread of agents", "threads of agents"));
  parts.push(counted(agent_runs, "older run of threads that stay", "older runs of threads that stay"));
  const said = parts.filter(Boolean);
  return said.length > 1 ? `${said.slice(0, -1).join(", ")} and ${said.at(-1)}` : (said[0] ?? "");
}

function counted(number: number, one: string, many = `${one}s`): string {
  return number ? `${count(number)} ${number === 1 ? one : many}` : "";
}
