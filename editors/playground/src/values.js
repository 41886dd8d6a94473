// Values of a run after the words that got them, until the script is edited.
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';

/** Letters shown of a value; the rest is in its tooltip. */
const SHOWN = 48;

class Value extends WidgetType {
  constructor(text, failed) {
    super();
    this.text = text;
    this.failed = failed;
  }

  eq(other) {
    return other.text === this.text && other.failed === this.failed;
  }

  toDOM() {
    const span = document.createElement('span');
    span.className = this.failed ? 'value failed' : 'value';
    span.textContent = this.text.length > SHOWN ? `${this.text.slice(0, SHOWN)}…` : this.text;
    span.title = this.text;
    return span;
  }
}

const set = StateEffect.define();

export const values = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    if (change.docChanged) marks = Decoration.none;
    for (const effect of change.effects) if (effect.is(set)) marks = effect.value;
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Shows those of a report; null: none. */
export function show(view, report) {
  const text = view.state.doc;
  const end = ({ end_line, end_column }) => Math.min(text.line(Math.min(end_line, text.lines)).from + end_column - 1, text.length);
  const marks = [];
  for (const { range, count, values: found } of report?.values ?? []) {
    const shown = found.map(({ value }) => value.short).join(', ');
    const more = count > found.length ? ` and ${count - found.length} more` : '';
    marks.push(Decoration.widget({ widget: new Value(` = ${shown}${more}`, false), side: 1 }).range(end(range)));
  }
  for (const { range, message } of report?.errors ?? []) {
    if (range) marks.push(Decoration.widget({ widget: new Value(` ✗ ${message}`, true), side: 2 }).range(end(range)));
  }
  view.dispatch({ effects: set.of(Decoration.set(marks, true)) });
}
