import { formatAge } from '../../core/duration.ts';
import { counted, oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface RescueView {
  readonly ref: string;
  readonly rig: string;
  readonly polecat: string;
  readonly time: string;
  readonly age_seconds: number;
  readonly bead?: string;
  readonly branch?: string;
  readonly commits: number;
  readonly files: readonly { readonly path: string; readonly change: string }[];
  readonly staged: boolean;
  readonly operation?: string;
  readonly stash_count: number;
  readonly clones: readonly string[];
  readonly submodules: readonly { readonly path: string; readonly ref: string }[];
  readonly restore: string;
}

const SHOWN_FILES = 20;

export function renderRescues(rows: readonly RescueView[], screen: Screen): string {
  if (rows.length === 0) return 'Nothing is kept: no worktree was removed with work that was nowhere else';
  const table = renderTable<RescueView>(
    [
      { title: 'Rescue', value: nameOf },
      { title: 'Age', value: (row) => formatAge(row.age_seconds * 1000), align: 'right' },
      { title: 'Bead', value: (row) => oneLine(row.bead ?? '-', 40) },
      { title: 'Holds', value: (row) => holdings(row).join(', ') },
      { title: 'Files', value: filesOf, flexible: true },
    ],
    rows,
    screen,
  );
  return `${table}\n\nBring one back: gt rescue restore <rescue>`;
}

function nameOf({ ref }: RescueView): string {
  return ref.replace(/^refs\/gt\/rescue\//, '');
}

function filesOf({ files }: RescueView): string {
  const names = files.slice(0, 3).map(({ path }) => oneLine(path, 40));
  return files.length > 3 ? `${names.join(', ')} and ${files.length - 3} more` : names.join(', ');
}

function holdings(row: RescueView): readonly string[] {
  const some = (number: number, one: string, many?: string): readonly string[] =>
    number === 0 ? [] : [counted(number, one, many)];
  return [
    ...some(row.commits, 'commit'),
    ...some(row.files.length, 'file'),
    ...(row.staged ? ['staged content'] : []),
    ...(row.operation === undefined ? [] : [`a ${row.operation} under way`]),
    ...some(row.stash_count, 'stash entry', 'stash entries'),
    ...some(row.clones.length, 'clone inside', 'clones inside'),
    ...some(row.submodules.length, 'submodule'),
  ];
}

interface Look {
  readonly bare: string;
  readonly paint: Paint;
}

export function renderRescue(row: RescueView, { bare, paint }: Look): string {
  const line = (name: string, value: string | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`  ${name.padEnd(10)}${value}`];
  const more = row.files.length - SHOWN_FILES;
  return [
    paint.bold(nameOf(row)),
    ...line('Kept', `${row.time}, ${formatAge(row.age_seconds * 1000)} ago`),
    ...line('Polecat', `${row.rig}/${row.polecat}`),
    ...line('Bead', row.bead === undefined ? undefined : oneLine(row.bead)),
    ...line('Branch', row.branch === undefined ? undefined : oneLine(row.branch)),
    ...line('Holds', holdings(row).join(', ')),
    ...row.submodules.map(({ path, ref }) => `  submodule ${oneLine(path)} in ${ref}`),
    ...row.files.slice(0, SHOWN_FILES).map(({ path, change }) => `    ${change} ${oneLine(path)}`),
    ...(more > 0 ? [`    … and ${more} more`] : []),
    '',
    `Bring it back:   ${row.restore}`,
    `Look with git:   git -C ${bare} show --stat ${row.ref}`,
    `Files with git:  git -C ${bare} worktree add --detach <folder> ${row.ref}`,
  ].join('\n');
}

export interface RestoredView {
  readonly ref: string;
  readonly folder?: string;
  readonly branch?: string;
  readonly left_out: readonly string[];
  readonly notes: readonly string[];
  readonly dry_run: boolean;
}

export function renderRestored(view: RestoredView, { bare, paint }: Look): string {
  const place =
    view.folder === undefined
      ? `the branch ${oneLine(view.branch ?? '')} of ${bare}`
      : `the folder ${oneLine(view.folder)}`;
  const head = view.dry_run
    ? `Would bring it back into ${place}`
    : `${paint.green('✓')} It is back in ${place}`;
  return [
    head,
    ...view.notes.map((note) => `  ${paint.yellow('⚠')} ${oneLine(note)}`),
    ...(view.left_out.length === 0
      ? []
      : [`  a branch cannot hold ${view.left_out.join(', ')}: leave --to out for a folder with everything`]),
  ].join('\n');
}
