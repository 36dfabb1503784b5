import { useState } from "react";

import type { Subject } from "../api/changes";

/** Which rows are selected: of the page that is shown, or of all that the list finds. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** With what is shown, which is newer. */
  subjects: (shown: readonly Subject[]) => Subject[];
  /** Whether there are some besides those of the page. */
  isBeyondPage: boolean;
  set: (ids: ReadonlySet<string>) => void;
  setAll: (subjects: readonly Subject[]) => void;
  clear: () => void;
  retag: (ids: ReadonlySet<string>, tag: string, isOn: boolean) => void;
}

// One and the same, so that to clear what is clear draws nothing again.
const NO_IDS: ReadonlySet<string> = new Set();
const NO_SUBJECTS: readonly Subject[] = [];

export function useSelection(): Selection {
  const [ids, setIds] = useState(NO_IDS);
  const [all, setAll] = useState(NO_SUBJECTS);
  const set = (chosen: ReadonlySet<string>) => {
    setIds(chosen);
    if (chosen.size === 0) setAll(NO_SUBJECTS);
  };
  return {
    ids,
    subjects: (shown) => {
      const known = new Map([...all, ...shown].map((subject) => [subject.id, subject]));
      return [...ids].flatMap((id) => known.get(id) ?? []);
    },
    isBeyondPage: all.length > 0,
    set,
    setAll: (subjects) => {
      setAll(subjects);
      setIds(new Set(subjects.map((subject) => subject.id)));
    },
    clear: () => set(NO_IDS),
    retag: (changed, tag, isOn) =>
      setAll((before) => before.map((subject) => (changed.has(subject.id) ? retagged(subject, tag, isOn) : subject))),
  };
}

function retagged(subject: Subject, tag: string, isOn: boolean): Subject {
  const others = subject.tags.filter((each) => each !== tag);
  return { ...subject, tags: isOn ? [...others, tag] : others };
}
