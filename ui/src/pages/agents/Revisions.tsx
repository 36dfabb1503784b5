import { useQuery } from "@tanstack/react-query";

import { revisionsOf } from "../../api/agents";
import { Choice } from "../../components/Choice";
import { ago } from "../../format/times";

interface Props {
  agentId: string;
  /** Empty for the newest. */
  shown: string;
  onShow: (revision: string) => void;
}

/** Every save is a revision; the newest is the one that runs. */
export function Revisions({ agentId, shown, onShow }: Props) {
  const { data: commits = [] } = useQuery(revisionsOf(agentId));
  const options = commits.map(({ commit_hash: hash, created_at: at }, place) => ({
    value: place === 0 ? "" : hash,
    label: `${hash.slice(0, 8)} · ${ago(at)}${place === 0 ? " · newest" : ""}`,
  }));
  if (shown && !options.some(({ value }) => value === shown)) {
    options.push({ value: shown, label: shown.slice(0, 8) });
  }
  return <Choice label="Revision" value={shown} options={options} onChange={onShow} />;
}
