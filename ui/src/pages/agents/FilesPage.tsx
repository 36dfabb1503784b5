import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { commitFiles } from "../../api/agentChanges";
import { treeOf } from "../../api/agents";
import { ApiError } from "../../api/client";
import { Button } from "../../components/Button";
import { useShortcuts } from "../../components/shortcuts";
import { Loading, Problem } from "../../components/states";
import { tell, tellError } from "../../components/toasts";
import styles from "./agents.module.css";
import { AskPath } from "./AskPath";
import { changesOf, conflictsOf, rebase, remove, rename, startDraft, write, writesOf, type Draft } from "./draft";
import { FileEditor } from "./FileEditor";
import { FileList } from "./FileList";
import { Revisions } from "./Revisions";

const FROM = "/agents/$agentId/files";

type Tree = { commit_hash: string; files: Record<string, { type: string; content?: string | null }> };

/** The files of an agent at one commit. What is changed is kept here until it is saved as the next one. */
export function FilesPage() {
  const { agentId } = useParams({ from: FROM });
  const { revision = "" } = useSearch({ from: FROM });
  const { data: tree, error, refetch } = useQuery(treeOf(agentId, revision));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!tree) return <Loading />;
  return <Files key={`${agentId} ${revision}`} agentId={agentId} tree={tree as Tree} isOld={Boolean(revision)} />;
}

function textsOf(tree: Tree): Record<string, string> {
  const texts = Object.entries(tree.files).filter(([, file]) => file.type === "file");
  return Object.fromEntries(texts.map(([path, file]) => [path, file.content ?? ""]));
}

function Files({ agentId, tree, isOld }: { agentId: string; tree: Tree; isOld: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: FROM });
  const search = useSearch({ from: FROM });
  const [draft, setDraft] = useState<Draft>(() => startDraft(tree.commit_hash, textsOf(tree)));
  const [asking, setAsking] = useState<"new" | "rename" | null>(null);
  const [isStale, setStale] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const changes = changesOf(draft);
  const paths = Object.keys(draft.files).sort();
  const missing = search.file && !(search.file in draft.files) ? search.file : null;
  const path = missing ? undefined : search.file || paths[0];
  const open = (file: string) => void navigate({ search: { ...search, file }, replace: true });

  useEffect(() => {
    if (tree.commit_hash !== draft.parent && changesOf(draft).size === 0) {
      setDraft(startDraft(tree.commit_hash, textsOf(tree)));
    }
  }, [tree, draft]);
  useBlocker({ shouldBlockFn: ({ next }) => leaves(next.pathname) && !window.confirm(UNSAVED), disabled: !changes.size, enableBeforeUnload: true });

  async function save() {
    if (!changes.size || isSaving) return;
    setSaving(true);
    try {
      const hash = await commitFiles(agentId, writesOf(draft), draft.parent);
      tell(`Saved as ${hash.slice(0, 8)}. Runs that start from now on have it.`);
      setDraft(startDraft(hash, draft.files));
      if (isOld) await navigate({ search: { ...search, revision: "" } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) setStale(true);
      else tellError(error as Error);
    } finally {
      setSaving(false);
    }
  }
  async function catchUp() {
    const newest = (await client.fetchQuery({ ...treeOf(agentId), staleTime: 0 })) as Tree;
    const conflicts = conflictsOf(draft, textsOf(newest));
    setDraft(rebase(draft, newest.commit_hash, textsOf(newest)));
    setStale(false);
    tell(conflicts.length ? `Look at ${conflicts.join(", ")}: somebody else changed it too.` : "Your changes are on top of the newest files now.");
  }
  async function restore() {
    const newest = (await client.fetchQuery({ ...treeOf(agentId), staleTime: 0 })) as Tree;
    const back = { parent: newest.commit_hash, base: textsOf(newest), files: draft.files };
    await commitFiles(agentId, writesOf(back), back.parent);
    tell("These files are the newest ones again.");
    await navigate({ search: { ...search, revision: "" } });
  }
  useShortcuts([{ key: "Mod+s", about: "Save the files", run: () => void save() }]);

  return (
    <div className={styles.files}>
      <div className={styles.filesBar}>
        <Revisions agentId={agentId} shown={search.revision ?? ""} onShow={(revision) => void navigate({ search: { ...search, revision } })} />
        <Button onPress={() => setAsking("new")}>New file</Button>
        <span className={styles.grow} />
        {changes.size > 0 && (
          <>
            <span className="quiet number" role="status">
              {changes.size === 1 ? "1 change" : `${changes.size} changes`}
            </span>
            <Button look="plain" onPress={() => setDraft(startDraft(tree.commit_hash, textsOf(tree)))}>
              Discard
            </Button>
          </>
        )}
        {isOld && changes.size === 0 ? (
          <Button look="primary" onPress={() => void restore().catch(tellError)}>
            Restore these files
          </Button>
        ) : (
          <Button look="primary" isDisabled={!changes.size || isSaving} onPress={() => void save()}>
            Save
          </Button>
        )}
      </div>
      {isStale && (
        <div className={styles.stale} role="alert">
          <p>
            <b>Somebody saved these files meanwhile.</b> Nothing of yours was saved, and nothing is lost: take over the
            newest files below your changes, look at them, and save again.
          </p>
          <Button onPress={() => void catchUp().catch(tellError)}>Take over the newest files</Button>
        </div>
      )}
      <div className={styles.filePanes}>
        <FileList paths={paths} changes={changes} shown={path} onOpen={open} onRestore={(gone) => setDraft(write(draft, gone, draft.base[gone] ?? ""))} />
        {path === undefined ? (
          <NoFile path={missing ?? "AGENTS.md"} onMake={(made, text) => setDraft(write(draft, made, text))} />
        ) : (
          <FileEditor
            key={path}
            path={path}
            text={draft.files[path] ?? ""}
            onChange={(text) => setDraft(write(draft, path, text))}
            onRename={() => setAsking("rename")}
            onDelete={() => {
              setDraft(remove(draft, path));
              void navigate({ search: { ...search, file: "" }, replace: true });
              tell(`${path} goes with the next save`, () => setDraft((now) => write(now, path, draft.files[path] ?? "")));
            }}
          />
        )}
      </div>
      {asking && (
        <AskPath
          title={asking === "new" ? "New file" : `Rename ${path}`}
          initial={asking === "new" ? "" : (path ?? "")}
          isTaken={(other) => other in draft.files || other in tree.files}
          onClose={() => setAsking(null)}
          onPath={(to) => {
            setDraft(asking === "new" ? write(draft, to, "") : rename(draft, path ?? "", to));
            open(to);
          }}
        />
      )}
    </div>
  );
}

const FIRST_TEXTS: Record<string, string> = { "tools.json": '{\n  "tools": [],\n  "interrupt_config": {}\n}\n' };

function NoFile({ path, onMake }: { path: string; onMake: (path: string, text: string) => void }) {
  return (
    <div className={styles.noFile}>
      <p dir="auto">There is no {path}.</p>
      <Button onPress={() => onMake(path, FIRST_TEXTS[path] ?? "")}>Make it</Button>
    </div>
  );
}

const UNSAVED = "The files have changes that are not saved. Leave them behind?";

function leaves(pathname: string): boolean {
  return pathname !== window.location.pathname;
}
