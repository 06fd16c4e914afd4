import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

let home: TestHome;

beforeEach(() => {
  home = createTestHome();
});
afterEach(() => home.dispose());

/** A program of that name, first on PATH. */
function fake(name: string, body: string): void {
  const folder = join(home.home, 'fakes');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}

test('version -v says what a report of a fault needs: commit, program, store, and each tool as it is found', async () => {
  await home.gt('install', home.town, '--store', 'sqlite');
  fake('claude', 'echo "2.1.330 (Claude Code)"');
  fake('codex', 'echo broken >&2; exit 3');
  fake('gemini', 'printf "\\033[31mno number\\n"');
  const env = { PATH: `${join(home.home, 'fakes')}:${home.env['PATH'] ?? ''}` };
  const { stdout } = await home.tryGt(['version', '--json'], { env });
  const found = JSON.parse(stdout) as { readonly tools: readonly { readonly name: string }[] };
  const tool = (name: string): unknown => found.tools.find((each) => each.name === name);
  expect(found).toMatchObject({
    store: { kind: 'sqlite', town: home.town },
    node: expect.stringMatching(/^v2\d/),
  });
  expect(tool('git')).toMatchObject({
    path: expect.stringContaining('/git'),
    version: expect.stringMatching(/^2\./),
  });
  expect(tool('claude')).toMatchObject({ version: '2.1.330' });
  expect(tool('codex')).toMatchObject({ path: join(home.home, 'fakes/codex'), version: null });
  expect(tool('vibe')).toEqual({ name: 'vibe', path: null, version: null });
  const { stdout: text } = await home.tryGt(['version', '-v'], { env });
  expect(text).toMatch(/^gemini +does not tell its version, /m);
  expect(text).not.toContain('\u001B');
  expect(await home.gt('version', '--short')).toMatch(/^\d+\.\d+\.\d+$/);
});
