import { code, count, page, plural, section, table } from './markdown.ts';
import type { TrackedFile } from './repository.ts';

/** A marker counts when it opens a comment or is followed by a colon or an owner, so that prose about it does not. */
const MARKER =
  /(?:(?:\/\/|#|--|\*|<!--|;)\s*|^\s*[-*]\s+)?\b(TODO|FIXME|HACK|XXX|BUG)\b(\([^)]*\))?(:?)\s*(.*)$/;

interface Todo {
  readonly path: string;
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

/** What people promised to do later, worst words first, each with its place. */
export function todosPage(files: readonly TrackedFile[]): string {
  const todos = files.flatMap(todosOf);
  const kinds = [...Map.groupBy(todos, (todo) => todo.kind)].toSorted(([, a], [, b]) => b.length - a.length);
  if (todos.length === 0) {
    return page(
      'Todos',
      'No file carries a TODO, FIXME, HACK, XXX or BUG note.',
      section(
        'What was looked for',
        'Markers that open a comment, or that a colon or an owner in parentheses follows.',
      ),
    );
  }
  const where = new Set(todos.map((todo) => todo.path)).size;
  const summary = `${plural(todos.length, 'note')} in ${plural(where, 'file')}: ${kinds.map(([kind, members]) => `${count(members.length)} ${kind}`).join(', ')}.`;
  return page('Todos', summary, ...kinds.map(([kind, members]) => listing(kind, members)), crowded(todos));
}

function todosOf(file: TrackedFile): readonly Todo[] {
  return (file.text ?? '').split('\n').flatMap((line, index) => {
    if (line.length > 400) return [];
    const found = MARKER.exec(line);
    if (found === null) return [];
    const [whole, kind = '', owner, colon, text = ''] = found;
    const opensComment = /^(?:\/\/|#|--|\*|<!--|;)/.test(whole);
    if (!opensComment && colon === '' && owner === undefined) return [];
    return [{ path: file.path, line: index + 1, kind, text: text.replace(/\s*(\*\/|-->)\s*$/, '').trim() }];
  });
}

function listing(kind: string, todos: readonly Todo[]): string {
  const rows = todos
    .slice(0, 60)
    .map((todo) => [code(`${todo.path}:${todo.line}`), todo.text.slice(0, 140) || '(no words)']);
  const rest = todos.length > 60 ? `\n\n…and ${count(todos.length - 60)} more.` : '';
  return section(kind, table(['Where', 'What'], rows) + rest);
}

function crowded(todos: readonly Todo[]): string | undefined {
  const rows = [...Map.groupBy(todos, (todo) => todo.path)]
    .filter(([, members]) => members.length > 1)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 10)
    .map(([path, members]) => [code(path), count(members.length)]);
  return rows.length === 0 ? undefined : section('Files with several', table(['File', 'Notes#'], rows));
}
