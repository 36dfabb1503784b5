/** An order as it stands in a URL: `duration desc`. The name of a field may have spaces. */

export function splitSort(sort: string): [field: string, direction: string] {
  const at = sort.lastIndexOf(" ");
  return [sort.slice(0, Math.max(0, at)), sort.slice(at + 1)];
}

/** The query parameter of a list, or none. */
export function wireSorting(sort: string): string | undefined {
  const [field, direction] = splitSort(sort);
  return field ? JSON.stringify([{ field, direction: direction.toUpperCase() }]) : undefined;
}
