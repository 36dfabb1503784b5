import { useId, type ComponentProps } from "react";

import styles from "./controls.module.css";

interface Props extends ComponentProps<"input"> {
  label: string;
}

export function Field({ label, ...props }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={styles.input} autoComplete="off" {...props} />
    </div>
  );
}

export function TextArea({ label, ...props }: ComponentProps<"textarea"> & { label: string }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <textarea id={id} className={styles.input} rows={3} {...props} />
    </div>
  );
}
