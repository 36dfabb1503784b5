import { Dialog } from "../components/Dialog";
import { useListedShortcuts } from "../components/shortcuts";
import styles from "./shell.module.css";

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const shortcuts = useListedShortcuts();
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className={styles.keys}>
        {shortcuts.map((shortcut) => (
          <div key={shortcut.key}>
            <dt>
              <kbd>{nameOf(shortcut.key)}</kbd>
            </dt>
            <dd>{shortcut.about}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** As it is printed on a keyboard. */
function nameOf(key: string): string {
  if (key.startsWith("Mod+")) return `Ctrl ${nameOf(key.slice("Mod+".length))}`;
  if (key.length > 1) return key;
  return /[A-Z]/.test(key) ? `Shift ${key}` : key.toUpperCase();
}
