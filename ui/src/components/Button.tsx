import { Button as AriaButton, type ButtonProps } from "react-aria-components";

import styles from "./controls.module.css";

interface Props extends Omit<ButtonProps, "className"> {
  look?: "primary" | "danger" | "plain" | "icon" | "on" | undefined;
}

export function Button({ look, ...props }: Props) {
  const plain = look === "icon" ? styles.plain : "";
  return <AriaButton {...props} className={`${styles.button} ${look ? styles[look] : ""} ${plain}`} />;
}
