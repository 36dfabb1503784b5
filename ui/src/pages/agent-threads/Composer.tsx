import { useState } from "react";

import { Button } from "../../components/Button";
import { tellError } from "../../components/toasts";
import styles from "./threads.module.css";

interface Props {
  isRunning: boolean;
  isAsked: boolean;
  onSend: (text: string) => Promise<void>;
  onStop: () => void;
}

/** Enter sends, Shift and Enter begins a line. What could not be sent comes back. */
export function Composer({ isRunning, isAsked, onSend, onStop }: Props) {
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  async function send() {
    if (!text.trim() || isSending) return;
    setSending(true);
    setText("");
    try {
      await onSend(text);
    } catch (error) {
      setText((since) => [text, since].filter(Boolean).join("\n"));
      tellError(error as Error);
    } finally {
      setSending(false);
    }
  }
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        aria-label="Message"
        className={styles.message}
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        dir="auto"
        placeholder={isAsked ? "Answer above, or say something else" : isRunning ? "Say something for when it is done" : "Say something"}
        value={text}
        autoFocus={!isAsked}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div className={styles.composerButtons}>
        {isRunning && (
          <Button look="danger" onPress={onStop}>
            Stop
          </Button>
        )}
        <Button type="submit" look="primary" isDisabled={!text.trim() || isSending}>
          Send
        </Button>
      </div>
    </form>
  );
}
