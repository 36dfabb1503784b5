import { useTitle } from "../title";
import { Definitions } from "./Definitions";
import { Environments } from "./Environments";
import { McpServers } from "./McpServers";
import { Workspace } from "./Workspace";

export function GeneralPage() {
  useTitle("Settings");
  return (
    <>
      <Definitions />
      <Environments />
      <McpServers />
      <Workspace />
    </>
  );
}
