import { useTitle } from "../title";
import page from "../page.module.css";
import { Definitions } from "./Definitions";
import { Environments } from "./Environments";
import { McpServers } from "./McpServers";
import styles from "./settings.module.css";
import { Workspace } from "./Workspace";

export function SettingsPage() {
  useTitle("Settings");
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>Settings</h1>
      </div>
      <div className={styles.sections}>
        <Definitions />
        <Environments />
        <McpServers />
        <Workspace />
      </div>
    </div>
  );
}
