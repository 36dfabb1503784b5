import { RangeSetBuilder, Prec, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";

const AUTO = Decoration.line({ attributes: { dir: "auto" } });

class Lines {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = ofVisible(view);
  }

  update(update: ViewUpdate) {
    if (update.docChanged || update.viewportChanged) this.decorations = ofVisible(update.view);
  }
}

function ofVisible(view: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      found.add(line.from, line.from, AUTO);
      at = line.to + 1;
    }
  }
  return found.finish();
}

/** Each line in the direction that it is written in. */
export const lineDirections: Extension = [
  Prec.lowest(ViewPlugin.fromClass(Lines, { decorations: (lines) => lines.decorations })),
  EditorView.perLineTextDirection.of(true),
];
