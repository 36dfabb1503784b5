import { Outlet } from "@tanstack/react-router";

import page from "../page.module.css";
import { PageHead, Tab, Tabs } from "../PageHead";
import styles from "./settings.module.css";

export function SettingsLayout() {
  return (
    <div className={page.page}>
      <PageHead title="Settings" />
      <Tabs label="Settings">
        <Tab to="/settings">General</Tab>
        <Tab to="/settings/keys">API keys</Tab>
        <Tab to="/settings/retention">Retention</Tab>
      </Tabs>
      <div className={styles.sections}>
        <Outlet />
      </div>
    </div>
  );
}
