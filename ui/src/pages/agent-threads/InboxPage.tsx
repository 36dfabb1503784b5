import { useNavigate, useSearch } from "@tanstack/react-router";

import page from "../page.module.css";
import { PageHead } from "../PageHead";
import { useTitle } from "../title";
import { ThreadTable } from "./ThreadTable";

/** The threads of all agents. */
export function InboxPage() {
  const search = useSearch({ from: "/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  useTitle("Inbox");
  return (
    <div className={page.page}>
      <PageHead title="Inbox" />
      <ThreadTable agentId="" search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
    </div>
  );
}
