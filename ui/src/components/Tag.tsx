import styles from "./controls.module.css";

interface Props {
  text: string;
  look?: "bad" | "good" | "warn" | undefined;
  onRemove?: (() => void) | undefined;
}

export function Tag({ text, look, onRemove }: Props) {
  return (
    <span className={`${styles.tag} ${look ? styles[look] : ""}`} title={text}>
      <span dir="auto">{text}</span>
      {onRemove && (
        <button type="button" aria-label={`Remove ${text}`} onClick={onRemove}>
          ×
        </button>
      )}
    </span>
  );
}
