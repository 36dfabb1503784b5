/** Rows put together as a file, one line of JSON each. What was added is kept by the browser, outside of the page's
 * memory, however much it is. */
export class Lines {
  private readonly parts: Blob[] = [];

  add(rows: readonly object[]) {
    this.parts.push(new Blob([rows.map((row) => `${JSON.stringify(row)}\n`).join("")]));
  }

  /** Has the browser save the file. */
  save(name: string) {
    const url = URL.createObjectURL(new Blob(this.parts, { type: "application/x-ndjson" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  }
}
