import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandinModel } from '../agent/standin-model.ts';
import type { StandinModel } from '../agent/standin-model.ts';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** Set by scripts/test when Claude Code is installed; its absence is a visible skip, in CI a failure. */
const CLAUDE = process.env['GT_TEST_CLAUDE'] ?? '';
const REQUIRED = (process.env['GT_REQUIRE_TOOLS'] ?? '') !== '';

let home: TestHome;
let origin: string;
let model: StandinModel | undefined;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home);
});

afterEach(async () => {
  await home.dispose();
  await model?.close();
});

/** What a person has after the first start of Claude Code: onboarding done. Trust of a worktree is gt's own seed. */
function onboard(configDir: string): void {
  mkdirSync(configDir, { recursive: true });
  writeFileSync(
    join(configDir, '.claude.json'),
    JSON.stringify({ hasCompletedOnboarding: true, theme: 'dark' }),
  );
}

function useClaude(url: string): void {
  const configDir = join(home.home, 'claude');
  onboard(configDir);
  const env = {
    CLAUDE_CONFIG_DIR: configDir,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: 'standin',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
  writeFileSync(
    join(home.town, 'settings/agents.json'),
    JSON.stringify({ version: 1, agents: { claude: { command: CLAUDE, env } } }),
  );
}

describe('Claude Code against a scripted model', () => {
  test.skipIf(!REQUIRED && !existsSync(CLAUDE))(
    'a slung bead reaches it in the first prompt, its done lands, no dialog is ever met',
    async () => {
      expect(existsSync(CLAUDE), 'GT_TEST_CLAUDE names no program: run scripts/test --require-tools').toBe(
        true,
      );
      const { id } = (await home.bdJson('create', 'Greet the world', '--rig', 'proj')) as { id: string };
      model = await startStandinModel([
        {
          marker: id,
          commands: [
            'gt hook',
            'echo "hello world" > greeting.txt && git add -A && git commit -q -m "Greet the world"',
            'gt done',
          ],
        },
      ]);
      useClaude(model.url);
      await home.gt('up');
      await home.gt('sling', id, 'proj', '--agent', 'claude');
      await home.until(`${id} lands`, async () => {
        const row = ((await home.bdJson('show', id)) as { status: string }[])[0];
        return row?.status === 'closed' ? true : undefined;
      });
      expect(git(origin, 'show', 'main:greeting.txt')).toBe('hello world');
      expect(model.requests[0], 'P3: the first prompt holds the bead id').toContain(id);
      expect(model.requests.join('\n'), 'the hook ran gt prime').toContain('gt done');
    },
  );
});
