import type { ReactNode } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components";

import styles from "./controls.module.css";

/** `children` is one control; the tip says what it does. */
export function Tip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500}>
      {children}
      <Tooltip className={styles.tip ?? ""} offset={4}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}
