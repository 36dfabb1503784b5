import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const raised = { backgroundColor: "var(--raised)", color: "var(--text)" };

/** The tokens follow light and dark by themselves. */
export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "var(--s3) 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 var(--s4)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--hover), transparent 40%)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-quiet)", borderRight: "1px solid var(--line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--chosen)" },
  ".cm-panels": { ...raised, borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--text)", borderColor: "var(--line-strong)" },
  ".cm-button": { ...raised, backgroundImage: "none", borderColor: "var(--line-strong)", borderRadius: "4px" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-ground)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--chosen)" },
});

export const highlights = HighlightStyle.define([
  { tag: tags.heading, color: "var(--accent)", fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.url], color: "var(--accent)", textDecoration: "underline" },
  { tag: tags.monospace, color: "var(--json-text)" },
  { tag: [tags.quote, tags.processingInstruction, tags.contentSeparator, tags.labelName], color: "var(--text-quiet)" },
  { tag: tags.propertyName, color: "var(--json-key)" },
  { tag: tags.string, color: "var(--json-text)" },
  { tag: tags.number, color: "var(--json-number)" },
  { tag: [tags.bool, tags.null], color: "var(--json-word)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);
