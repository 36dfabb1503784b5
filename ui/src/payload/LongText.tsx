import { useState } from "react";

import { bytes } from "../format/figures";
import styles from "./payload.module.css";

const FIRST = 4_000;
const MORE = 100_000;

/** Text in whatever direction it is written. Of a long one the beginning, and more on demand. */
export function LongText({ text }: { text: string }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <>
      <span className={styles.long} dir="auto">
        {text.slice(0, shown)}
      </span>
      {text.length > shown && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + MORE)}>
          … {bytes(text.length - shown)} more
        </button>
      )}
    </>
  );
}
