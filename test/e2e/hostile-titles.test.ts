import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** Each would leave a file `pwned`, disturb the terminal, or break a row, were it ever more than text. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; #',
  "'; touch pwned; '",
  '#{pane_id}#(touch pwned)#[fg=red]',
  'two\nlines',
  'carriage\rreturn\ttab',
  '\u001b[31mred\u001b[0m\u0007',
  '\u001b]0;owned\u0007',
  '\u009b2J',
  'right\u202eto left',
  '%s%n%{$PATH}',
  "x'); DROP TABLE issues; --",
  'assignee: mayor/\nhook_bead: pj-1',
];

let home: TestHome;
let origin: string;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home);
});

afterEach(async () => {
  await home.dispose();
});

/** Bytes that a terminal would obey: control characters other than the end of a line, and turned writing. */
const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

async function expectHarmless(program: 'gt' | 'bd', args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await (program === 'gt' ? home.tryGt(args) : home.tryBd(args));
  expect(code, `${program} ${args.join(' ')}: ${stderr}`).toBe(0);
  for (const text of [stdout, stderr])
    expect(JSON.stringify(OBEYED.exec(text)), `${program} ${args.join(' ')} printed`).toBe('null');
  return stdout;
}

describe('P26: the text of a bead is only ever text', () => {
  test('hostile titles pass create, sling, every view and the landing without any effect', async () => {
    const ids: string[] = [];
    for (const title of HOSTILE) {
      const row = (await home.bdJson('create', title, '--rig', 'proj')) as { id: string; title: string };
      expect(row.title).toBe(title);
      ids.push(row.id);
    }
    await home.gt('mq', 'pause', 'proj');
    await home.gt('up');
    await expectHarmless('gt', [
      'sling',
      ...ids,
      'proj',
      '--agent',
      'script',
      '--script',
      'echo "$GT_POLECAT $(git branch --show-current)" > "work-$(git branch --show-current | tr / -)"',
    ]);
    await home.until('all handed in', async () =>
      ((await home.gtJson('mq', 'list', 'proj')) as unknown[]).length === ids.length ? true : undefined,
    );
    for (const words of VIEWS) await expectHarmless('gt', words);
    await expectHarmless('gt', ['trail', ids[0] ?? '']);
    await expectHarmless('bd', ['-C', 'proj', 'list', '--all']);
    for (const id of ids) await expectHarmless('bd', ['show', id]);
    await home.gt('mq', 'resume', 'proj');
    await home.until('all landed', async () => {
      const rows = (await home.bdJson('-C', 'proj', 'list', '--all', '-n', '0')) as BeadRow[];
      return ids.every((id) => rows.find((row) => row.id === id)?.status === 'closed') ? true : undefined;
    });
    await expectHarmless('gt', ['feed', '--plain']);
    expect(landedIssues()).toEqual(ids.toSorted());
    const titles = ((await home.bdJson('show', ...ids)) as BeadRow[]).map((row) => row.title);
    expect(titles).toEqual(HOSTILE);
    expect(readdirSync(home.home, { recursive: true }).filter((path) => /pwned/.test(String(path)))).toEqual(
      [],
    );
    await home.gt('down');
  });
});

interface BeadRow {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

const VIEWS: readonly (readonly string[])[] = [
  ['status'],
  ['mq', 'list', 'proj'],
  ['rig', 'status', 'proj'],
  ['refinery', 'status', 'proj'],
  ['polecat', 'list'],
  ['convoy', 'list'],
  ['session', 'list'],
  ['feed', '--plain'],
  ['log'],
];

function landedIssues(): readonly string[] {
  return git(origin, 'log', '--format=%(trailers:key=Gt-Issue,valueonly,separator=%x2C)', 'main')
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}
