import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { addMcpServer, connectMcpServer, isConnected, removeMcpServer } from "../../api/agentChanges";
import { mcpServers, toolsOf, type McpServer } from "../../api/agents";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { FormDialog } from "../../components/Dialog";
import { Field, TextArea } from "../../components/Field";
import { Loading, Problem } from "../../components/states";
import { Tag } from "../../components/Tag";
import { tell, tellError } from "../../components/toasts";
import { refresh } from "../../query";
import styles from "./settings.module.css";

type AuthType = "headers" | "oauth";

const AUTH: { value: AuthType; label: string }[] = [
  { value: "headers", label: "Headers, or nothing" },
  { value: "oauth", label: "OAuth: each user connects" },
];

/** Where agents have tools from. */
export function McpServers() {
  const { data, error } = useQuery(mcpServers);
  const [isAdding, setAdding] = useState(false);
  return (
    <section className={styles.section} aria-label="MCP servers">
      <div className={styles.head}>
        <h2>MCP servers</h2>
        <Button onPress={() => setAdding(true)}>Add a server</Button>
      </div>
      <p className="quiet">An agent has the tools that its tools.json names, from servers that are listed here.</p>
      {error && <Problem error={error} />}
      {!data && !error && <Loading rows={2} />}
      {data?.length === 0 && <p>None yet.</p>}
      <ul className={styles.servers}>
        {data?.map((server) => (
          <Server key={server.id} server={server} />
        ))}
      </ul>
      {isAdding && <AddServer onClose={() => setAdding(false)} />}
    </section>
  );
}

function Server({ server }: { server: McpServer }) {
  const [isAsking, setAsking] = useState(false);
  const tools = useQuery(toolsOf(server));
  const needsConnection = server.can_invoke === false;
  return (
    <li>
      <div className={styles.server}>
        <b dir="auto">{server.name}</b>
        <span className="quiet" dir="auto">
          {server.url}
        </span>
        {server.auth_type === "oauth" && (
          <Tag text={needsConnection ? "not connected" : "connected"} look={needsConnection ? "warn" : "good"} />
        )}
        {needsConnection ? (
          <Button onPress={() => void connect(server).catch(tellError)}>Connect …</Button>
        ) : (
          <Button isDisabled={tools.isFetching} aria-label={`Tools of ${server.name}`} onPress={() => void tools.refetch()}>
            {tools.isFetching ? "Asking …" : "Tools"}
          </Button>
        )}
        <Button look="plain" aria-label={`Remove ${server.name}`} onPress={() => setAsking(true)}>
          Remove
        </Button>
      </div>
      {tools.error && <p role="alert">{tools.error.message}</p>}
      {tools.data && (
        <ul className={styles.tools} aria-label={`Tools of ${server.name}`}>
          {tools.data.length === 0 && <li>It has no tools.</li>}
          {tools.data.map((tool) => (
            <li key={tool.name}>
              <code>{tool.name}</code> <span className="quiet">{tool.description}</span>
            </li>
          ))}
        </ul>
      )}
      <FormDialog
        title={`Remove ${server.name}?`}
        action="Remove"
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => void removeMcpServer(server.id).then(() => tell(`Removed ${server.name}`), tellError)}
      >
        <p>Agents that name it go on without its tools. Its headers and tokens are forgotten.</p>
      </FormDialog>
    </li>
  );
}

/** The tab is opened at once, as browsers allow it only while a click is answered. */
async function connect(server: McpServer) {
  const tab = window.open("about:blank", "_blank");
  try {
    const pending = await connectMcpServer(server.id);
    if (!pending) {
      tab?.close();
      tell(`${server.name} is connected`);
    } else {
      if (!/^https?:/.test(pending.url)) throw new Error("The server names no web page to agree on");
      if (tab) {
        tab.opener = null;
        tab.location.replace(pending.url);
      }
      tell(`Agree in the other tab to connect ${server.name}`);
      tell((await isConnected(pending.session)) ? `${server.name} is connected` : `${server.name} was not connected`);
    }
  } catch (error) {
    tab?.close();
    throw error;
  } finally {
    refresh("mcp servers");
  }
}

function AddServer({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ name: "", url: "", auth: "headers" as AuthType, headers: "" });
  const change = (changed: Partial<typeof draft>) => setDraft({ ...draft, ...changed });
  async function submit() {
    const { name, url, auth } = draft;
    const headers = auth === "headers" ? readHeaders(draft.headers) : [];
    await addMcpServer({
      name: name.trim(),
      url: url.trim(),
      auth_type: auth,
      ...(auth === "oauth" ? { oauth_mode: "per_user_dynamic_client" as const } : { headers }),
    });
    tell(`Added ${name.trim()}`);
  }
  return (
    <FormDialog
      title="Add an MCP server"
      action="Add"
      isOpen
      onClose={onClose}
      disabled={!draft.name.trim() || !draft.url.trim()}
      onSubmit={() => void submit().catch(tellError)}
    >
      <Field label="Name" autoFocus required maxLength={255} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      <Field
        label="URL"
        type="url"
        required
        placeholder="https://mcp.example.com/mcp"
        value={draft.url}
        onChange={(event) => change({ url: event.target.value })}
      />
      <Choice label="How it knows who asks" value={draft.auth} options={AUTH} onChange={(auth) => change({ auth })} />
      {draft.auth === "headers" && (
        <TextArea
          label="Headers, one on each line: name: value"
          value={draft.headers}
          onChange={(event) => change({ headers: event.target.value })}
        />
      )}
    </FormDialog>
  );
}

function readHeaders(text: string): { key: string; value: string }[] {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const [key = "", ...value] = line.split(":");
      return { key: key.trim(), value: value.join(":").trim() };
    });
}
