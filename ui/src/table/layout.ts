import { useMemo } from "react";

import { useStored } from "../components/stored";
import type { Column } from "./column";

/** Which columns of a table are shown, and how wide: kept in this browser. */
export interface Layout {
  sizes: Record<string, number>;
  setSizes: (sizes: Record<string, number>) => void;
  isShown: (column: Column<never>) => boolean;
  toggle: (column: Column<never>) => void;
  visibility: (columns: readonly Column<never>[]) => Record<string, boolean>;
  reset: () => void;
}

export function useLayout(name: string): Layout {
  const [sizes, setSizes] = useStored<Record<string, number>>(`weft.sizes.${name}`, {});
  const [shown, setShown] = useStored<Record<string, boolean>>(`weft.columns.${name}`, {});
  return useMemo(() => {
    const isShown = (column: Column<never>) => shown[column.id] ?? !column.hidden;
    return {
      sizes,
      setSizes,
      isShown,
      toggle: (column) => setShown({ ...shown, [column.id]: !isShown(column) }),
      visibility: (columns) => Object.fromEntries(columns.map((column) => [column.id, isShown(column)])),
      reset: () => {
        setSizes({});
        setShown({});
      },
    };
  }, [sizes, setSizes, shown, setShown]);
}
