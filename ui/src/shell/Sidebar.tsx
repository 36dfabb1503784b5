import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { session, signOut } from "../api/session";
import { Button } from "../components/Button";
import { toggleTheme } from "../components/theme";
import { Tip } from "../components/Tip";
import { tellError } from "../components/toasts";
import icon from "../design/icon.svg";
import styles from "./shell.module.css";
import { Attention } from "./Attention";
import { SECTIONS } from "./sections";

export function Sidebar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const { data: signedIn } = useQuery(session);
  return (
    <header className={styles.sidebar}>
      <Link to="/projects" className={styles.brand} aria-label="Weft: all projects">
        <img src={icon} alt="" width={22} height={22} />
        <span>Weft</span>
      </Link>
      <button type="button" className={styles.find} onClick={onPalette}>
        <span>Go to …</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav aria-label="Sections">
        <ul className={styles.sections}>
          {SECTIONS.map((section) => (
            <li key={section.to}>
              <Link to={section.to} className={styles.section} activeProps={{ "data-active": true }}>
                {section.label}
                {section.to === "/inbox" && <Attention />}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.tools}>
        {signedIn?.csrf_token && (
          <Tip text={`Sign out ${signedIn.user_name}`}>
            <Button look="icon" aria-label="Sign out" onPress={() => void signOut().catch(tellError)}>
              ⏻
            </Button>
          </Tip>
        )}
        <Tip text="Light or dark (t)">
          <Button look="icon" aria-label="Light or dark" onPress={toggleTheme}>
            ◐
          </Button>
        </Tip>
        <Tip text="Keys (?)">
          <Button look="icon" aria-label="Keyboard shortcuts" onPress={onHelp}>
            ?
          </Button>
        </Tip>
      </div>
    </header>
  );
}
