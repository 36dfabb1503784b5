import { Button } from "../components/Button";
import { Choice } from "../components/Choice";
import { count } from "../format/figures";
import { SIZES } from "./search";

interface Props {
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
  /** It may be turned to next: its button is pointed at, focused or pressed on. */
  onPoint?: (page: number) => void;
  onSize?: (size: number) => void;
}

const OPTIONS = SIZES.map((size) => ({ value: String(size), label: `${size} rows` }));

export function Pager({ page, size, total, onPage, onPoint, onSize }: Props) {
  const last = Math.max(1, Math.ceil(total / size));
  const turning = (to: number) => {
    const point = () => onPoint?.(to);
    return { onHoverStart: point, onFocus: point, onPressStart: point, onPress: () => onPage(to) };
  };
  const from = total ? (page - 1) * size + 1 : 0;
  return (
    <>
      {onSize && (
        <Choice label="Rows of a page" value={String(size)} options={OPTIONS} onChange={(to) => onSize(Number(to))} />
      )}
      <span className="number">
        {count(from)}–{count(Math.min(page * size, total))} of {count(total)}
      </span>
      <Button isDisabled={page <= 1} {...turning(page - 1)} aria-label="Page before">
        ‹
      </Button>
      <Button isDisabled={page >= last} {...turning(page + 1)} aria-label="Next page">
        ›
      </Button>
    </>
  );
}
