import { ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";

import { Button } from "./Button";
import styles from "./controls.module.css";

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of few. The label is for those who do not see what it is about. */
export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <Select aria-label={label} value={value} onChange={(key) => onChange(key as T)}>
      <Button>
        <SelectValue /> <span aria-hidden>▾</span>
      </Button>
      <Popover className={styles.popover ?? ""}>
        <ListBox className={styles.menu ?? ""} items={options}>
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.label} className={styles.item ?? ""}>
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
