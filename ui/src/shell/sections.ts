/** What the sidebar and the palette lead to. */
export const SECTIONS = [
  { to: "/projects", label: "Projects" },
  { to: "/agents", label: "Agents" },
  { to: "/inbox", label: "Inbox" },
  { to: "/settings", label: "Settings" },
] as const;
