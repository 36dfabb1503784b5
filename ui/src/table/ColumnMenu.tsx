import { Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";

import { Button } from "../components/Button";
import controls from "../components/controls.module.css";
import type { Column } from "./column";
import type { Layout } from "./layout";

export function ColumnMenu({ columns, layout }: { columns: readonly Column<never>[]; layout: Layout }) {
  const shown = columns.filter(layout.isShown).map((column) => column.id);
  return (
    <MenuTrigger>
      <Button>Columns</Button>
      <Popover className={controls.popover ?? ""} placement="bottom end">
        <Menu className={controls.menu ?? ""} aria-label="Columns">
          <MenuSection
            aria-label="Shown"
            selectionMode="multiple"
            selectedKeys={shown}
            onSelectionChange={(keys) => {
              const chosen = keys === "all" ? columns.map((column) => column.id) : [...keys];
              const changed = columns.find((column) => chosen.includes(column.id) !== layout.isShown(column));
              if (changed) layout.toggle(changed);
            }}
          >
            {columns.map((column) => (
              <MenuItem key={column.id} id={column.id} className={controls.item ?? ""}>
                {column.header}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem className={controls.item ?? ""} onAction={layout.reset}>
            Back to how it was
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
