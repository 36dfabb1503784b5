import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Autocomplete, Input, Menu, MenuItem, SearchField, useFilter } from "react-aria-components";

import { agentsOf } from "../api/agents";
import { projectsOf } from "../api/queries";
import { Dialog } from "../components/Dialog";
import controls from "../components/controls.module.css";
import { toggleTheme } from "../components/theme";
import { SECTIONS } from "./sections";

interface Command {
  /** Where labels can be the same. */
  key?: string;
  label: string;
  about: string;
  run: () => void;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MOST = 100;

/** Go to any project, agent, section, or trace by its id. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Go to" isOpen={isOpen} onClose={onClose} wide>
      <Commands onClose={onClose} />
    </Dialog>
  );
}

function Commands({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const { contains } = useFilter({ sensitivity: "base" });
  const { data: projects } = useQuery(projectsOf("", 1, MOST, "last_updated_trace_at desc"));
  const { data: agents } = useInfiniteQuery(agentsOf("", "updated_at desc"));
  const id = text.trim();
  const commands: Command[] = [
    ...(UUID.test(id)
      ? [{ label: id, about: "Trace", run: () => void navigate({ to: "/traces/$traceId", params: { traceId: id } }) }]
      : []),
    ...(projects?.content ?? []).map((project) => ({
      label: project.name,
      about: "Project",
      run: () => void navigate({ to: "/projects/$projectId/traces", params: { projectId: project.id } }),
    })),
    ...(agents?.pages.flatMap((page) => page.items) ?? []).map((agent) => ({
      key: agent.id,
      label: agent.name,
      about: "Agent",
      run: () => void navigate({ to: "/agents/$agentId", params: { agentId: agent.id } }),
    })),
    ...SECTIONS.map((section) => ({
      label: section.label,
      about: "Page",
      run: () => void navigate({ to: section.to }),
    })),
    { label: "Light or dark", about: "Theme", run: toggleTheme },
  ];
  return (
    <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
      <SearchField aria-label="Go to" autoFocus>
        <Input className={controls.input ?? ""} placeholder="A project, an agent, a page, or the id of a trace" />
      </SearchField>
      <Menu
        className={controls.menu ?? ""}
        aria-label="Places"
        items={commands}
        renderEmptyState={() => <p className="quiet">Nothing of that name.</p>}
      >
        {(command) => (
          <MenuItem
            id={`${command.about} ${command.key ?? command.label}`}
            textValue={command.label}
            className={controls.item ?? ""}
            onAction={() => {
              onClose();
              command.run();
            }}
          >
            <span dir="auto">{command.label}</span>
            <span className="quiet">{command.about}</span>
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  );
}
