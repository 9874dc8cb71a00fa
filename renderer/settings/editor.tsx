/** The bench file's editor: CodeMirror with the schema's help and the engine's own checks beside the lines. */
import { autocompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, Prec, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { BenchProblem, LineSpan } from '../../relay-core/contract/index.ts';
import { schemaCompletion, schemaHover } from './editor-schema.ts';
import { editorTheme } from './editor-theme.ts';
import { problemSentences } from './problem-text.ts';
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
  /** Shows lines that were changed for the person, and marks them until the next edit. */
  show: (lines: readonly LineSpan[]) => void;
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

const diagnosticOf = (text: Text, problem: BenchProblem): Diagnostic => {
  const { line: number = 1, column } = problem;
  const { wrong, advice } = problemSentences(problem);
  const line = text.line(Math.max(1, Math.min(number, text.lines)));
  const start = line.from + Math.max(0, line.text.search(/\S/));
  const from = column === undefined ? start : Math.min(line.from + column - 1, line.to);
  return {
    from,
    to: Math.max(from, line.to),
    severity: 'error',
    message: advice === null ? wrong : `${wrong}\n${advice}`,
  };
};

/** The text comes from the draft, so that the draft need not be told. */
const fromDraft = Annotation.define<true>();
const changedLines = StateEffect.define<readonly LineSpan[]>();

const lineAt = (doc: Text, number: number) => doc.line(Math.max(1, Math.min(number, doc.lines)));

const marksOn = (doc: Text, spans: readonly LineSpan[]): DecorationSet =>
  Decoration.set(
    spans
      .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
      .map((number) => Decoration.line({ class: 'cm-changedLine' }).range(lineAt(doc, number).from)),
    true,
  );

const changeMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const fresh = transaction.effects.find((effect) => effect.is(changedLines));
    if (fresh?.is(changedLines)) return marksOn(transaction.state.doc, fresh.value);
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

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
        changeMarks,
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
          const typed = update.transactions.some(
            (each) => each.docChanged && each.annotation(fromDraft) === undefined,
          );
          if (typed) latest.current.onChange(update.state.doc.toString());
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
      const line = lineAt(editor.state.doc, number);
      editor.dispatch({
        selection: { anchor: line.from + Math.max(0, line.text.search(/\S/)) },
        effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
      });
      editor.focus();
    },
    show: (lines) => {
      const editor = view.current;
      const [first] = lines;
      if (!editor || !first) return;
      const { from, text } = lineAt(editor.state.doc, Math.min(...lines.map((span) => span.from)));
      editor.dispatch({
        selection: { anchor: from + Math.max(0, text.search(/\S/)) },
        effects: [changedLines.of(lines), EditorView.scrollIntoView(from, { y: 'center' })],
      });
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
        annotations: fromDraft.of(true),
      });
    },
  }));

  return <div ref={parent} className={styles.editor} />;
};
