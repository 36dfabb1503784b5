/** Files as they are being edited: the tree they started from, and what is different. */

export interface Draft {
  /** The commit that it started from. */
  parent: string;
  base: Record<string, string>;
  files: Record<string, string>;
}

export function startDraft(parent: string, base: Record<string, string>): Draft {
  return { parent, base, files: base };
}

export type Change = "new" | "edited" | "gone";

/** What is different, by path. A renamed file is gone in one place and new in another. */
export function changesOf({ base, files }: Draft): Map<string, Change> {
  const changes = new Map<string, Change>();
  for (const path of Object.keys(base)) if (!(path in files)) changes.set(path, "gone");
  for (const [path, text] of Object.entries(files)) {
    if (!(path in base)) changes.set(path, "new");
    else if (base[path] !== text) changes.set(path, "edited");
  }
  return changes;
}

/** As the server takes it: null for what goes. */
export function writesOf(draft: Draft): Record<string, string | null> {
  const changes = [...changesOf(draft).keys()];
  return Object.fromEntries(changes.map((path) => [path, draft.files[path] ?? null]));
}

export function write(draft: Draft, path: string, text: string): Draft {
  return { ...draft, files: { ...draft.files, [path]: text } };
}

export function remove(draft: Draft, path: string): Draft {
  const { [path]: _, ...files } = draft.files;
  return { ...draft, files };
}

export function rename(draft: Draft, from: string, to: string): Draft {
  return write(remove(draft, from), to, draft.files[from] ?? "");
}

/** The same edits on top of a newer commit. Files that changed on both sides are as they were edited here. */
export function rebase(draft: Draft, parent: string, base: Record<string, string>): Draft {
  const files = { ...base };
  for (const [path, text] of Object.entries(writesOf(draft))) {
    if (text === null) delete files[path];
    else files[path] = text;
  }
  return { parent, base, files };
}

/** Paths that changed on both sides, in different ways. */
export function conflictsOf(draft: Draft, base: Record<string, string>): string[] {
  return [...changesOf(draft).keys()].filter(
    (path) => base[path] !== draft.base[path] && base[path] !== draft.files[path],
  );
}

/** Why a path cannot be one, or null. */
export function complaintOf(path: string, taken: (path: string) => boolean): string | null {
  if (!path.trim()) return "A file needs a path.";
  if (path.startsWith("/") || path.split("/").some((part) => part === ".." || part === "." || part === "")) {
    return "A path is relative, such as skills/summary/SKILL.md.";
  }
  return taken(path) ? "There is a file of this path." : null;
}
