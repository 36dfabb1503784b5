import { useQuery } from "@tanstack/react-query";

import { API_BASE } from "../../api/client";
import { session } from "../../api/session";
import { madeKey, putKeyAway } from "../../api/settings";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { tell, tellError } from "../../components/toasts";
import controls from "../../components/controls.module.css";
import page from "../page.module.css";

/** The only time that a key is shown. It stays until somebody says that it is kept, whatever else happens. */
export function ShowMadeKey() {
  const { data: made } = useQuery(madeKey);
  const { data: signedIn } = useQuery(session);
  if (!made) return null;
  const variables = `export OPIK_URL_OVERRIDE=${API_BASE}
export OPIK_API_KEY=${made.key}
export OPIK_WORKSPACE=${signedIn?.workspace_name ?? "default"}`;
  const copy = (text: string, what: string) =>
    void navigator.clipboard.writeText(text).then(() => tell(`Copied ${what}`), tellError);
  return (
    <Dialog title={`The key ${made.name}`} isOpen keep wide onClose={putKeyAway}>
      <p>
        <b>It is shown only now.</b> The server keeps nothing of it but a hash.
      </p>
      <Field label="Key" readOnly autoFocus value={made.key} onFocus={(event) => event.target.select()} />
      <p className="quiet">What programs with the Opik SDK need:</p>
      <pre className={page.code} tabIndex={0} aria-label="Variables">
        {variables}
      </pre>
      <p className="quiet">
        OpenTelemetry and curl send it as <code>Authorization</code>, agents’ clients as <code>X-Api-Key</code>. People sign in
        here with it.
      </p>
      <div className={controls.actions}>
        <Button onPress={() => copy(variables, "the variables")}>Copy the variables</Button>
        <Button onPress={() => copy(made.key, "the key")}>Copy the key</Button>
        <Button look="primary" onPress={putKeyAway}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
