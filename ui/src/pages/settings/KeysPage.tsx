import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { session, type Session } from "../../api/session";
import { apiKeys, createKey, revokeKey, type ApiKey } from "../../api/settings";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { Tag } from "../../components/Tag";
import { tell, tellError } from "../../components/toasts";
import { ago, fullTime } from "../../format/times";
import { useTitle } from "../title";
import styles from "./settings.module.css";

const MAX_NAME = 150;

/** Who may come in: keys of this workspace. */
export function KeysPage() {
  useTitle("API keys");
  const { data: keys, error } = useQuery(apiKeys);
  const { data: signedIn } = useQuery(session);
  const [isAsking, setAsking] = useState(false);
  useShortcuts([{ key: "n", about: "New key", run: () => setAsking(true) }]);
  const open = keys?.filter((key) => !key.revoked_at) ?? [];
  const revoked = keys?.filter((key) => key.revoked_at) ?? [];
  return (
    <section className={styles.section} aria-label="API keys">
      <div className={styles.head}>
        <h2>API keys</h2>
        <Button onPress={() => setAsking(true)}>New key</Button>
      </div>
      <p className="quiet">
        A key opens the workspace <b>{signedIn?.workspace_name}</b> and nothing else, to programs and to people who sign in
        here. Whoever has one works as its user.
      </p>
      {signedIn && !signedIn.keys_in_force && <NobodyNeedsOne />}
      {error && <Problem error={error} />}
      {!keys && !error && <Loading rows={2} />}
      <ul className={styles.keys}>
        {open.map((key) => (
          <OpenKey key={key.id} apiKey={key} isLast={open.length === 1} />
        ))}
      </ul>
      {revoked.length > 0 && (
        <details>
          <summary>Revoked: {revoked.length}</summary>
          <ul className={styles.keys}>
            {revoked.map((key) => (
              <li key={key.id}>
                <About apiKey={key} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {isAsking && signedIn && <NewKey signedIn={signedIn} onClose={() => setAsking(false)} />}
    </section>
  );
}

function NobodyNeedsOne() {
  return (
    <p className={styles.warning}>
      There are no keys: whoever reaches this server may read and change everything. From when you make the first key, every
      request needs one. Programs that record here now are refused until they have a key.
    </p>
  );
}

function About({ apiKey }: { apiKey: ApiKey }) {
  const { name, user_name, begins_with, created_at, revoked_at, current } = apiKey;
  return (
    <div>
      <b dir="auto">{name || "No name"}</b> {current && <Tag text="you are signed in with it" look="good" />}
      <p className="quiet">
        <code>{begins_with}…</code> · works as <span dir="auto">{user_name}</span> ·{" "}
        <span title={fullTime(created_at)}>made {ago(created_at)}</span>
        {revoked_at && <span title={fullTime(revoked_at)}> · revoked {ago(revoked_at)}</span>}
      </p>
    </div>
  );
}

function OpenKey({ apiKey, isLast }: { apiKey: ApiKey; isLast: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const label = apiKey.name || apiKey.begins_with;
  return (
    <li>
      <About apiKey={apiKey} />
      <Button look="plain" aria-label={`Revoke ${label}`} onPress={() => setAsking(true)}>
        Revoke …
      </Button>
      <FormDialog
        title={`Revoke ${label}?`}
        action="Revoke"
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => void revokeKey(apiKey).then(() => tell(`Revoked ${label}`), tellError)}
      >
        <p>
          Whatever uses <code>{apiKey.begins_with}…</code> is refused from now on. This cannot be taken back.
        </p>
        {apiKey.current && <p className={styles.warning}>You are signed in with this key, and will be signed out.</p>}
        {isLast && (
          <p className={styles.warning}>
            It is the last key of this workspace. Nobody opens it then, until <code>weft keys create</code> makes one on the
            machine of the server.
          </p>
        )}
      </FormDialog>
    </li>
  );
}

function NewKey({ signedIn, onClose }: { signedIn: Session; onClose: () => void }) {
  const [name, setName] = useState("");
  const [user, setUser] = useState(signedIn.user_name ?? "");
  const isFirst = !signedIn.keys_in_force;
  return (
    <FormDialog
      title={isFirst ? "Make the first key" : "New API key"}
      action={isFirst ? "Make it, and require keys" : "Make the key"}
      isOpen
      onClose={onClose}
      disabled={!name.trim() || !user.trim()}
      onSubmit={() => void createKey({ name: name.trim(), user_name: user.trim() }, isFirst).catch(tellError)}
    >
      {isFirst && (
        <p className={styles.warning}>
          From then on every request needs a key, and there is no way back to none. You stay signed in here, with this key. Programs
          that record here now are refused until they have one.
        </p>
      )}
      <Field
        label="What it is for"
        autoFocus
        required
        maxLength={MAX_NAME}
        placeholder="laptop, CI, the bot in production"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label="Who works with it"
        required
        maxLength={MAX_NAME}
        value={user}
        aria-describedby="key-user"
        onChange={(event) => setUser(event.target.value)}
      />
      <p id="key-user" className="quiet">
        Scores and comments are by this user, and agents are theirs: you, or someone who has no key here yet.
        {isFirst && ` Agents that are here already are those of ${signedIn.user_name}.`}
      </p>
    </FormDialog>
  );
}
