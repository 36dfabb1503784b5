import { useState } from "react";

import { ApiError } from "../api/client";
import { signIn } from "../api/session";
import { Button } from "../components/Button";
import { Field } from "../components/Field";
import { useTitle } from "../pages/title";
import styles from "./shell.module.css";

/** The key goes to the server, which keeps a session in a cookie that no script can read. It is not kept here. */
export function SignIn() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState("");
  useTitle("Sign in");
  async function submit() {
    try {
      await signIn(key);
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      setProblem(refused ? "This key opens nothing here. Was it taken back, or is it of another server?" : String(error));
    }
  }
  return (
    <main className={styles.signIn}>
      <h1>Weft</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          label="API key"
          type="password"
          autoFocus
          required
          value={key}
          aria-describedby="sign-in-problem"
          onChange={(event) => setKey(event.target.value)}
        />
        <p id="sign-in-problem" role="alert" className={styles.problem}>
          {problem}
        </p>
        <Button type="submit" look="primary">
          Sign in
        </Button>
      </form>
      <p className="quiet">
        Whoever runs this server makes keys with <code>weft keys create</code>.
      </p>
    </main>
  );
}
