import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import { Button } from "./Button";
import styles from "./controls.module.css";

export interface Action {
  label: string;
  run: () => void;
}

/** A button that opens a menu of what can be done. */
export function Actions({ label, look, actions }: { label: string; look?: "icon"; actions: readonly Action[] }) {
  return (
    <MenuTrigger>
      <Button look={look} aria-label={label}>
        {look === "icon" ? "⋯" : `${label} ▾`}
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end">
        <Menu className={styles.menu ?? ""}>
          {actions.map((action) => (
            <MenuItem key={action.label} className={styles.item ?? ""} onAction={action.run}>
              {action.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
