import type { WouldGo } from "../../api/settings";
import { bytes, count } from "../../format/figures";
import { figures, isSomething, kept } from "./days";
import styles from "./settings.module.css";

/** The figures of a dry run, by project. */
export function WouldGoTable({ report }: { report: WouldGo }) {
  const projects = report.projects.filter((one) => isSomething(one));
  return (
    <>
      <p>{figures(report)}.</p>
      {projects.length > 0 && (
        <div className={styles.figures} role="region" aria-label="Figures by project" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {["Project", "Kept", "Traces", "Spans", "Size"].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {projects.map((one) => (
                <tr key={one.project_id}>
                  <th scope="row" dir="auto">
                    {one.project_name}
                  </th>
                  <td>{kept(one.days)}</td>
                  <td>{count(one.traces)}</td>
                  <td>{count(one.spans)}</td>
                  <td>{bytes(one.bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
