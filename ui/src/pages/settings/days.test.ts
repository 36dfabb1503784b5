import { expect, test } from "vitest";

import type { WouldGo } from "../../api/settings";
import { figures, kept } from "./days";

const NOTHING = { project_id: "1", project_name: "demo", days: 30, traces: 0, spans: 0, threads: 0, scores: 0, comments: 0, attachments: 0, bytes: 0 };

function report(projects: Partial<WouldGo["projects"][number]>[], agent_threads = 0, agent_runs = 0): WouldGo {
  return { projects: projects.map((one) => ({ ...NOTHING, ...one })), agent_threads, agent_runs };
}

test("days in words", () => {
  expect([0, 1, 30, 36500].map(kept)).toEqual(["for good", "1 day", "30 days", "36,500 days"]);
});

test("what would go is summed over projects", () => {
  expect(figures(report([{ traces: 1200, spans: 4, bytes: 1300 }, { traces: 4, attachments: 1 }], 1))).toBe(
    "1,204 traces, 4 spans, 1 file, 1.3 kB and 1 thread of agents",
  );
});

test("nothing goes from projects that have nothing old", () => {
  expect(figures(report([{}, {}]))).toBe("");
  expect(figures(report([], 0, 2))).toBe("2 older runs of threads that stay");
});
