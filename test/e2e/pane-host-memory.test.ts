import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import { PANE_HOST_ARGV } from '../../src/self.ts';
import { CLAUDE_RULES, PaneWorld } from '../support/pane-world.ts';
import { memoryOf } from './support/memory.ts';
import type { Memory } from './support/memory.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TOAST = 'pj-toast' as SessionName;
/** One host per agent: thirty of them must not fill a laptop. */
const BUDGET = { idle: 64, afterOutput: 80, private: 24 };
/** Prints as many lines as it is told, then shows its prompt. */
const PRINTER =
  'printf "❯ "; while read -r n; do i=0; while [ "$i" -lt "$n" ]; do i=$((i+1)); echo "line $i: the quick brown fox jumps over the lazy dog, over and over"; done; printf "❯ "; done';

let folder: string;
/** The host as it ships. */
const hostArgv = [...PANE_HOST_ARGV.slice(0, -1), join(ROOT, 'dist/pane-host.cjs')];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gt-memory-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(): Promise<{ readonly idle: Memory; readonly afterOutput: Memory }> {
  const world = new PaneWorld(mkdtempSync(join(folder, 'town-')), [process.execPath, ...hostArgv.slice(1)]);
  try {
    const { host } = await world.start(TOAST, { argv: ['sh', '-c', PRINTER], rules: CLAUDE_RULES });
    await world.becomes(TOAST, 'idle');
    const idle = memoryOf(host.pid);
    await world.panes.inject(TOAST, { text: '20000', mode: 'when-idle', waitMs: 5000 });
    await world.eventually('all lines', async () =>
      (await world.panes.screen(TOAST, 5)).includes('line 20000:') ? true : undefined,
    );
    await world.becomes(TOAST, 'idle');
    return { idle, afterOutput: memoryOf(host.pid) };
  } finally {
    await world.dispose();
  }
}

describe.runIf(process.platform === 'linux')('the memory of a pane host', () => {
  it('stays within its budget, idle and after 20,000 lines', async () => {
    // The first run fills the compile cache.
    await measure();
    const { idle, afterOutput } = await measure();
    expect(idle.rss).toBeLessThanOrEqual(BUDGET.idle);
    expect(afterOutput.rss).toBeLessThanOrEqual(BUDGET.afterOutput);
    expect(afterOutput.private).toBeLessThanOrEqual(BUDGET.private);
  });
});
