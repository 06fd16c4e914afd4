import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestHome, type TestHome } from './support/town.ts';

/* `gt upgrade` on a town of our own that an older gt left behind. */

let home: TestHome;
beforeEach(async () => {
  home = createTestHome();
  await home.gt('install', home.town);
});
afterEach(() => home.dispose());

const SHIPPED = readFileSync(resolve(import.meta.dirname, '../../formulas/code-review.formula.toml'), 'utf8');

function read(name: string): string {
  return readFileSync(join(home.town, name), 'utf8');
}

test('a town that gt has just made is up to date', async () => {
  expect(await home.gtJson('upgrade')).toMatchObject({ state: 'current', steps: [] });
});

test('what an older gt left is brought up to date; what a person edited stays, and the second run finds nothing', async () => {
  const formulas = join(home.town, '.beads/formulas');
  mkdirSync(formulas, { recursive: true });
  const sums: Record<string, string> = {};
  for (const [name, text] of [
    ['code-review.formula.toml', 'formula = "old"\n'],
    ['design.formula.toml', 'formula = "old too"\n'],
  ] as const) {
    writeFileSync(join(formulas, name), text);
    sums[name] = createHash('sha256').update(text).digest('hex');
  }
  writeFileSync(join(formulas, 'design.formula.toml'), 'formula = "mine"\n');
  writeFileSync(
    join(formulas, '.installed.json'),
    JSON.stringify({ formulas: { ...sums, '../../x': 'y' }, other: 1 }),
  );
  writeFileSync(join(home.town, 'CLAUDE.md'), '# Mine\n\n## Where you are\n\nMy own words.\n');
  writeFileSync(
    join(home.town, 'mayor/daemon.json'),
    '{"patrols":{"deacon":{"enabled":true}},"env":{"A":"b"}}',
  );
  mkdirSync(join(home.town, 'mayor/.claude'), { recursive: true });
  const hooks = {
    model: 'opus',
    hooks: {
      PreToolUse: [
        { matcher: 'Bash(gh pr create*)', hooks: [{ type: 'command', command: 'gt tap guard pr-workflow' }] },
        { matcher: 'Bash', hooks: [{ type: 'command', command: 'my-own-check' }] },
      ],
    },
  };
  writeFileSync(join(home.town, 'mayor/.claude/settings.json'), JSON.stringify(hooks));

  const before = read('mayor/daemon.json');
  expect(await home.gtJson('upgrade', '-n')).toMatchObject({ state: 'pending' });
  expect(read('mayor/daemon.json')).toBe(before);

  await home.gt('up');
  const said = await home.gt('upgrade');
  expect(said).toContain('formula design.formula.toml: edited here, stays');
  expect(said).toContain('the daemon was started again');
  expect(read('.beads/formulas/code-review.formula.toml')).toBe(SHIPPED);
  expect(read('.beads/formulas/design.formula.toml')).toBe('formula = "mine"\n');
  expect(read('CLAUDE.md')).toMatch(/^# Mine\n\n## Where you are\n\nMy own words\.\n\n## Dolt Server/);
  expect(JSON.parse(read('mayor/daemon.json'))).toMatchObject({
    patrols: { deacon: { enabled: true }, witness: { enabled: false } },
    env: { A: 'b' },
  });
  const settings = read('mayor/.claude/settings.json');
  expect(settings).toContain('my-own-check');
  expect(settings).toContain('"model": "opus"');
  expect(settings).not.toContain('gh pr create');
  expect(await home.gtJson('upgrade', '--no-start')).toMatchObject({ state: 'current' });
});
