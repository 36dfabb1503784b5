import { Link, Outlet } from "@tanstack/react-router";

import page from "../page.module.css";
import styles from "./settings.module.css";

const TABS = [
  { to: "/settings", label: "General" },
  { to: "/settings/keys", label: "API keys" },
  { to: "/settings/retention", label: "Retention" },
] as const;

export function SettingsLayout() {
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>Settings</h1>
      </div>
      <nav className={page.tabs} aria-label="Settings">
        {TABS.map((tab) => (
          <Link
            key={tab.to}
            to={tab.to}
            className={page.tab}
            activeProps={{ "data-active": true }}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {tab.label}
          </Link>
        ))}
      </nav>
      <div className={styles.sections}>
        <Outlet />
      </div>
    </div>
  );
}
