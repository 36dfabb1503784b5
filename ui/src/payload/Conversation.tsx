import { JsonTree } from "./JsonTree";
import { LongText } from "./LongText";
import type { Message, Part } from "./messages";
import styles from "./payload.module.css";

export function Conversation({ messages }: { messages: Message[] }) {
  return (
    <ol className={styles.messages}>
      {messages.map((message, index) => (
        <li key={index} className={styles.message} data-role={message.role}>
          <div className={styles.role}>
            {message.role}
            {message.name && <span className="quiet"> {message.name}</span>}
          </div>
          {message.parts.map((part, at) => (
            <MessagePart key={at} part={part} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function MessagePart({ part }: { part: Part }) {
  if (part.type === "text") {
    return (
      <div className={styles.said}>
        <LongText text={part.text} />
      </div>
    );
  }
  if (part.type === "image") return <img src={part.text} alt="Part of the message" className={styles.image} />;
  return (
    <div className={styles.call}>
      {part.text && <div className={styles.key}>{part.type === "call" ? `→ ${part.text}` : part.text}</div>}
      <JsonTree value={part.value} />
    </div>
  );
}
