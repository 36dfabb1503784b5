import { Button } from "../components/Button";
import { useShortcuts } from "../components/shortcuts";
import type { Noun } from "../filters/language";
import { count } from "../format/figures";
import { placeOf } from "./visited";

interface Props {
  noun: Noun;
  id: string;
  onOpen: (id: string) => void;
}

/** To the next one of the list that someone came from. */
export function Neighbours({ noun, id, onOpen }: Props) {
  const place = placeOf(noun, id);
  const one = noun.slice(0, -1);
  const open = (other: string | undefined) => other && onOpen(other);
  useShortcuts([
    { key: "]", about: `Next ${one} of the list`, run: () => open(place?.after) },
    { key: "[", about: `Previous ${one} of the list`, run: () => open(place?.before) },
  ]);
  if (!place) return null;
  return (
    <>
      <span className="quiet number">
        {count(place.number)} of {count(place.count)}
      </span>
      <Button aria-label={`Previous ${one}`} isDisabled={!place.before} onPress={() => open(place.before)}>
        ‹
      </Button>
      <Button aria-label={`Next ${one}`} isDisabled={!place.after} onPress={() => open(place.after)}>
        ›
      </Button>
    </>
  );
}
