import { Link } from "@tanstack/react-router";

import { Empty } from "../components/states";

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <Link to="/projects">All projects</Link>
    </Empty>
  );
}
