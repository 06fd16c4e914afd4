import { bar, code, count, page, plural, section, size, table } from './markdown.ts';
import type { TrackedFile } from './repository.ts';

const LANDMARKS: readonly (readonly [RegExp, string])[] = [
  [/^readme(\.\w+)?$/i, 'start reading here'],
  [/^(contributing|develop(ment|ers)?|hacking)(\.\w+)?$/i, 'how to take part'],
  [/^(license|copying)(\.\w+)?$/i, 'terms'],
  [/^(changelog|changes|news|history)(\.\w+)?$/i, 'what changed'],
  [/^(makefile|justfile|taskfile\.ya?ml|rakefile)$/i, 'tasks to run'],
  [
    /^(package\.json|cargo\.toml|go\.mod|pyproject\.toml|setup\.py|pom\.xml|build\.gradle(\.kts)?|gemfile|composer\.json|cmakelists\.txt|mix\.exs)$/i,
    'build and dependencies',
  ],
  [/^(dockerfile|containerfile|(docker-)?compose\.ya?ml)$/i, 'how it is packed to run'],
  [
    /^(tsconfig\.json|\.editorconfig|\.prettierrc(\.\w+)?|\.eslintrc(\.\w+)?|ruff\.toml|rustfmt\.toml|\.clang-format)$/i,
    'how code is checked and formatted',
  ],
];
const TEST_PATH = /(^|\/)(tests?|specs?|__tests__)\/|[._-](test|spec)\.\w+$|_test\.\w+$|(^|\/)test_\w+\.py$/i;

/** Where things are: folders by weight, the files a newcomer opens first, and how much of it is tests. */
export function filesPage(files: readonly TrackedFile[]): string {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const tests = files.filter((file) => TEST_PATH.test(file.path));
  const testLines = tests.reduce((sum, file) => sum + file.lines, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const summary = `${plural(files.length, 'tracked file')}, ${count(lines)} lines of text, ${size(bytes)}; ${plural(tests.length, 'file')} (${count(testLines)} lines) look like tests.`;
  return page('Files', summary, folders(files, lines), landmarks(files), testHomes(tests));
}

function folders(files: readonly TrackedFile[], allLines: number): string {
  const groups = Map.groupBy(files, (file) => folderOf(file.path));
  const rows = [...groups]
    .map(([name, members]) => ({ name, members, lines: members.reduce((sum, file) => sum + file.lines, 0) }))
    .toSorted((a, b) => b.lines - a.lines || a.name.localeCompare(b.name));
  const cells = rows
    .slice(0, 40)
    .map(({ name, members, lines }) => [
      code(name),
      count(members.length),
      count(lines),
      bar(lines, allLines),
      code(heaviest(members)),
    ]);
  const rest = rows.length > 40 ? `\n\n…and ${plural(rows.length - 40, 'smaller folder')}.` : '';
  return section(
    'Folders by weight',
    table(['Folder', 'Files#', 'Lines#', '', 'Longest file'], cells) + rest,
  );
}

/** The first two levels tell where a file belongs; deeper ones would only list the tree. */
function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.length === 1 ? './' : `${parts.slice(0, Math.min(2, parts.length - 1)).join('/')}/`;
}

function heaviest(members: readonly TrackedFile[]): string {
  const longest = members.reduce((best, file) => (file.lines > best.lines ? file : best));
  return longest.path.slice(longest.path.lastIndexOf('/') + 1);
}

function landmarks(files: readonly TrackedFile[]): string | undefined {
  const rows = files.flatMap((file) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const found = LANDMARKS.find(([pattern]) => pattern.test(name));
    const depth = file.path.split('/').length;
    return found !== undefined && depth <= 2
      ? [{ path: file.path, depth, why: found[1], lines: file.lines }]
      : [];
  });
  if (rows.length === 0) return undefined;
  const cells = rows
    .toSorted((a, b) => a.depth - b.depth || a.path.localeCompare(b.path))
    .slice(0, 25)
    .map((row) => [code(row.path), row.why, count(row.lines)]);
  return section('Open these first', table(['File', 'What it is', 'Lines#'], cells));
}

function testHomes(tests: readonly TrackedFile[]): string | undefined {
  if (tests.length === 0) return undefined;
  const homes = [...Map.groupBy(tests, (file) => folderOf(file.path))]
    .map(([folder, members]) => [code(folder), count(members.length)] as const)
    .toSorted((a, b) => Number(b[1].replaceAll(',', '')) - Number(a[1].replaceAll(',', '')))
    .slice(0, 12);
  return section('Where the tests live', table(['Folder', 'Files#'], homes));
}
