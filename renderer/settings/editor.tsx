/** The bench file's editor: CodeMirror with the schema's help and the engine's own checks beside the lines. */
import { autocompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Prec, type Text } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { BenchProblem } from '../../relay-core/contract/index.ts';
import { schemaCompletion, schemaHover } from './editor-schema.ts';
import { editorTheme } from './editor-theme.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import styles from './settings.module.css';

/** How long after the last keystroke the draft is checked, in milliseconds. */
const checkAfterMs = 350;
/** A longer draft is checked when it is saved only: the engine would have to read all of it at each pause in typing. */
const checkedUpToCharacters = 200_000;

export type EditorHandle = {
  /** Puts the cursor on a line, counted from 1, and shows it. */
  goTo: (line: number) => void;
  /** Marks problems beside their lines until the next check. */
  mark: (problems: readonly BenchProblem[]) => void;
  /** Puts another text in, keeping the cursor where it can stay. */
  replace: (text: string) => void;
};

type Props = {
  ref: Ref<EditorHandle>;
  initial: string;
  schema: SchemaLookup;
  onChange: (text: string) => void;
  onSave: () => void;
  check: (text: string) => Promise<BenchProblem[]>;
};

const diagnosticOf = (text: Text, { line: number = 1, column, message, hint }: BenchProblem): Diagnostic => {
  const line = text.line(Math.max(1, Math.min(number, text.lines)));
  const start = line.from + Math.max(0, line.text.search(/\S/));
  const from = column === undefined ? start : Math.min(line.from + column - 1, line.to);
  return {
    from,
    to: Math.max(from, line.to),
    severity: 'error',
    message: hint ? `${message} ${hint}` : message,
  };
};

export const Editor = ({ ref, initial, schema, onChange, onSave, check }: Props): ReactNode => {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ schema, onChange, onSave, check });
  latest.current = { schema, onChange, onSave, check };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the editor's own once it stands; `replace` changes it.
  useEffect(() => {
    if (!parent.current) return;
    const schemaNow = () => latest.current.schema;
    const editor = new EditorView({
      parent: parent.current,
      doc: initial,
      extensions: [
        Prec.high(
          keymap.of([
            {
              key: 'Mod-s',
              run: () => {
                latest.current.onSave();
                return true;
              },
            },
          ]),
        ),
        basicSetup,
        EditorView.lineWrapping,
        yaml(),
        editorTheme,
        autocompletion({ override: [schemaCompletion(schemaNow)], icons: false }),
        schemaHover(schemaNow),
        lintGutter(),
        linter(
          async ({ state: { doc } }) => {
            if (doc.length > checkedUpToCharacters) return [];
            const problems = await latest.current.check(doc.toString());
            return problems.map((problem) => diagnosticOf(doc, problem));
          },
          { delay: checkAfterMs },
        ),
        EditorView.contentAttributes.of({ 'aria-label': 'Bench file' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useImperativeHandle(ref, () => ({
    goTo: (number) => {
      const editor = view.current;
      if (!editor) return;
      const line = editor.state.doc.line(Math.max(1, Math.min(number, editor.state.doc.lines)));
      editor.dispatch({
        selection: { anchor: line.from + Math.max(0, line.text.search(/\S/)) },
        effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
      });
      editor.focus();
    },
    mark: (problems) => {
      const editor = view.current;
      if (!editor) return;
      const { doc } = editor.state;
      editor.dispatch(
        setDiagnostics(
          editor.state,
          problems.map((problem) => diagnosticOf(doc, problem)),
        ),
      );
    },
    replace: (text) => {
      const editor = view.current;
      if (!editor || editor.state.doc.toString() === text) return;
      const anchor = Math.min(editor.state.selection.main.head, text.length);
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: text },
        selection: { anchor },
      });
    },
  }));

  return <div ref={parent} className={styles.editor} />;
};
