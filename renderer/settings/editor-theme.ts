/** The editor in the pages' own colours, light and dark alike, since they are variables. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const surface = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--rb-surface)', color: 'var(--rb-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12.5px',
    lineHeight: '20px',
  },
  '.cm-content': { caretColor: 'var(--rb-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--rb-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--rb-surface)',
    color: 'var(--rb-text-faint)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--rb-raised)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--rb-selected)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--rb-hover)' },
  '.cm-tooltip': {
    border: '1px solid var(--rb-line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--rb-surface)',
    color: 'var(--rb-text)',
    boxShadow: 'var(--rb-shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '12px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--rb-selected)',
    color: 'var(--rb-text)',
  },
  '.cm-completionDetail': { color: 'var(--rb-text-faint)', fontStyle: 'normal', marginLeft: '14px' },
  '.cm-completionInfo': { padding: '7px 10px', maxWidth: '340px' },
  '.cm-diagnostic': { padding: '5px 10px', borderLeftWidth: '3px', whiteSpace: 'pre-line' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--rb-refused)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--rb-deferred)' },
  '.cm-lint-marker-error': {
    content: 'normal',
    width: '9px',
    height: '9px',
    margin: '5px 2px',
    borderRadius: '50%',
    backgroundColor: 'var(--rb-refused)',
  },
  '.cm-panels': { backgroundColor: 'var(--rb-raised)', color: 'var(--rb-text)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--rb-raised)',
    border: 'none',
    color: 'var(--rb-text-quiet)',
  },
  '.cm-changedLine, .cm-changedLine.cm-activeLine': {
    backgroundColor: 'var(--rb-accepted-ground)',
    boxShadow: 'inset 3px 0 var(--rb-accepted)',
  },
  '.cm-errorLine': { backgroundColor: 'var(--rb-refused-ground)' },
});

const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--rb-accent)' },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: 'var(--rb-text)' },
  { tag: tags.comment, color: 'var(--rb-text-faint)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--rb-text-quiet)' },
  { tag: tags.keyword, color: 'var(--rb-deferred)' },
]);

export const editorTheme = [surface, syntaxHighlighting(words)];
