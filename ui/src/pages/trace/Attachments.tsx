import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Schemas } from "../../api/client";
import { attachmentsOf } from "../../api/queries";
import { Button } from "../../components/Button";
import { bytes } from "../../format/figures";
import styles from "./trace.module.css";

type File = Schemas["AttachmentView"];

const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"]);

interface Props {
  projectId: string;
  entity: "trace" | "span";
  id: string;
}

export function Attachments({ projectId, entity, id }: Props) {
  const { data } = useQuery(attachmentsOf(projectId, entity, id));
  if (!data?.content.length) return null;
  return (
    <section aria-label="Attachments">
      <h3>Attachments</h3>
      <ul className={styles.files}>
        {data.content.map((file) => (
          <li key={file.file_name}>
            <Preview file={file} />
            <a href={file.link} download={file.file_name} dir="auto">
              {file.file_name}
            </a>
            <span className="quiet">
              {file.mime_type}, {bytes(file.file_size)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In an image nothing is run, whatever it is made of. */
function Preview({ file }: { file: File }) {
  if (IMAGES.has(file.mime_type)) return <img src={file.link} alt={file.file_name} loading="lazy" />;
  if (file.mime_type.startsWith("audio/")) return <audio controls preload="none" src={file.link} />;
  if (file.mime_type.startsWith("video/")) return <video controls preload="none" src={file.link} />;
  if (file.mime_type === "application/pdf") return <Pdf file={file} />;
  return null;
}

/** The server has browsers save its files; a copy of one that is a PDF for sure can be shown. */
function Pdf({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  async function open() {
    const reply = await fetch(file.link);
    setUrl(URL.createObjectURL(new Blob([await reply.arrayBuffer()], { type: "application/pdf" })));
  }
  if (url) return <iframe src={url} title={file.file_name} />;
  return <Button onPress={() => void open()}>Show the PDF</Button>;
}
