import type { KeyboardEvent } from "react";

import styles from "./table.module.css";

export const NARROWEST = 50;
const WIDEST = 1000;
const STEP = 10;
const LEAP = 50;

interface Props {
  /** Of the column. */
  name: string;
  width: number;
  /** Follows the pointer from its press on. */
  onDrag: (event: unknown) => void;
  /** Without a width, back to how it was. */
  onWidth: (width?: number) => void;
}

/** The right edge of a column: dragged, or moved by arrow keys; a double-click or Enter takes it back. */
export function Resizer({ name, width, onDrag, onWidth }: Props) {
  function press(event: KeyboardEvent) {
    const step = event.shiftKey ? LEAP : STEP;
    const widths: Record<string, number | undefined> = {
      ArrowLeft: width - step,
      ArrowRight: width + step,
      Home: NARROWEST,
      End: WIDEST,
    };
    if (!(event.key in widths) && event.key !== "Enter") return;
    event.preventDefault();
    const wanted = widths[event.key];
    onWidth(wanted === undefined ? undefined : Math.min(WIDEST, Math.max(NARROWEST, wanted)));
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuetext={`${width} pixels`}
      tabIndex={0}
      title="Drag or use the arrow keys to resize, double-click to reset"
      className={styles.resizer}
      onMouseDown={onDrag}
      onTouchStart={onDrag}
      onDoubleClick={() => onWidth()}
      onKeyDown={press}
    />
  );
}
