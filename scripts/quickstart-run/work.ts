import type { Programs } from './cli.ts';
import type { Options } from './options.ts';

/** One bead of the tour. `after` = keys of the beads it waits for. */
export interface TourBead {
  readonly key: string;
  readonly title: string;
  readonly after: readonly string[];
  readonly id: string;
}

const PLAN: readonly Omit<TourBead, 'id'>[] = [
  { key: 'files', title: 'Write the page about files and folders', after: [] },
  { key: 'languages', title: 'Write the page about languages', after: [] },
  { key: 'history', title: 'Write the page about the history', after: [] },
  { key: 'largest', title: 'Write the page about the largest files', after: [] },
  { key: 'todos', title: 'Write the page about open todos', after: [] },
  { key: 'endings', title: 'Write the page about line endings', after: ['largest'] },
  {
    key: 'index',
    title: 'Write the index of the pages',
    after: ['files', 'languages', 'history', 'largest', 'todos'],
  },
  { key: 'untitled', title: 'Write a page that forgets its title', after: [] },
];

/** The gate of the rig: every page of the tour starts with a heading. */
export function gateCommand(dir: string): string {
  return `for page in ${dir}/*.md; do [ -e "$page" ] || continue; head -n 1 "$page" | grep -q '^# ' || { echo "$page: the first line is not a heading"; exit 1; }; done`;
}

/** The first of the usual places that the repository neither ignores nor uses already. */
export async function chooseDir(programs: Programs, clone: string): Promise<string> {
  for (const dir of ['docs/tour', 'tour', 'gt-tour']) {
    const ignored = await programs.git(['-C', clone, 'check-ignore', '-q', `${dir}/page.md`]).then(
      () => true,
      () => false,
    );
    const used = await programs.git(['-C', clone, 'ls-tree', '--name-only', 'HEAD', dir]);
    if (!ignored && used.trim() === '') return dir;
  }
  return 'gt-tour';
}

/** Creates the eight beads with their dependencies; returns them in the order of the plan. */
export async function createBeads(programs: Programs, rig: string): Promise<readonly TourBead[]> {
  const made = new Map<string, TourBead>();
  for (const entry of PLAN) {
    const bead = (await programs.bdJson(['create', entry.title, '--rig', rig, '-t', 'task'])) as {
      id: string;
    };
    for (const key of entry.after) await programs.bdJson(['dep', 'add', bead.id, made.get(key)?.id ?? '']);
    made.set(entry.key, { ...entry, id: bead.id });
  }
  return [...made.values()];
}

/** Gives every bead to a worker whose whole job is one command; blocked ones are queued by gt itself. */
export async function slingAll(
  programs: Programs,
  beads: readonly TourBead[],
  tour: { readonly options: Options; readonly dir: string; readonly maker: string },
): Promise<void> {
  for (const bead of beads) {
    const command = `'${process.execPath}' '${tour.maker}' ${bead.key} '${tour.dir}'`;
    await programs.gt(['sling', bead.id, tour.options.rig, '--agent', 'script', '--script', command]);
  }
}
