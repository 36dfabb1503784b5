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
              <kbd>{shortcut.key.replace("Mod+", "Ctrl ").toUpperCase()}</kbd>
            </dt>
            <dd>{shortcut.about}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
