import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useState } from "react";

import { session } from "../api/session";
import { useShortcuts } from "../components/shortcuts";
import { Problem } from "../components/states";
import { toggleTheme } from "../components/theme";
import { Toasts } from "../components/toasts";
import { ShowMadeKey } from "../pages/settings/ShowMadeKey";
import { WorkInProgress } from "../components/work";
import { CommandPalette } from "./CommandPalette";
import { ShortcutHelp } from "./ShortcutHelp";
import styles from "./shell.module.css";
import { Sidebar } from "./Sidebar";
import { SignIn } from "./SignIn";

/** Nothing is shown to someone who has to sign in first. */
export function Shell() {
  const { data, error, refetch } = useQuery(session);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      {data.signed_in ? <Pages /> : <SignIn />}
      <ShowMadeKey />
    </>
  );
}

function Pages() {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcuts([
    { key: "Mod+k", about: "Go anywhere", run: () => setPaletteOpen(true) },
    { key: "?", about: "This help", run: () => setHelpOpen(true) },
    { key: "t", about: "Light or dark", run: toggleTheme },
  ]);
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <Sidebar onPalette={() => setPaletteOpen(true)} onHelp={() => setHelpOpen(true)} />
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <CommandPalette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <WorkInProgress />
      <Toasts />
    </div>
  );
}
