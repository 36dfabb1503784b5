/** CodeMirror with as much as the files of agents need. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, defineLanguageFacet, indentUnit, Language, syntaxHighlighting } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { GFM, parser } from "@lezer/markdown";

import { lineDirections } from "./directions";
import { highlights, theme } from "./theme";

/** Without the HTML that Markdown may have in it: its parser is larger than all of the rest. */
const markdown = new Language(defineLanguageFacet(), parser.configure([GFM]), [], "markdown");

const KINDS: Record<string, Extension> = {
  md: [markdown, EditorView.lineWrapping, EditorView.contentAttributes.of({ spellcheck: "true" })],
  json: [json(), lineNumbers(), bracketMatching()],
};

export function openEditor(host: HTMLElement, path: string, text: string, onChange: (text: string) => void): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  return new EditorView({
    parent: root,
    root,
    doc: text,
    extensions: [
      text.includes("\r\n") ? EditorState.lineSeparator.of("\r\n") : [],
      KINDS[path.split(".").at(-1) ?? ""] ?? [],
      theme,
      syntaxHighlighting(highlights),
      lineDirections,
      highlightActiveLine(),
      history(),
      search({ top: true }),
      indentUnit.of("  "),
      keymap.of([...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
      EditorView.contentAttributes.of({ "aria-label": path }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.sliceDoc());
      }),
    ],
  });
}

export function replaceText(view: EditorView, text: string) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}
