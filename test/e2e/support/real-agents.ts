import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestHome } from './town.ts';

/** Set by scripts/test when the program is installed; its absence is a visible skip, in CI a failure. */
export const CLAUDE = process.env['GT_TEST_CLAUDE'] ?? '';
export const OPENCODE = process.env['GT_TEST_OPENCODE'] ?? '';
const REQUIRED = (process.env['GT_REQUIRE_TOOLS'] ?? '') !== '';

/** True where tests of this program are to be skipped; where they must run, its absence fails them. */
export function isMissing(program: string): boolean {
  if (existsSync(program)) return false;
  if (REQUIRED)
    throw new Error(`a real agent is missing (${program || 'not named'}): run scripts/test --require-tools`);
  return true;
}

function writeAgents(home: TestHome, agents: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(home.town, 'settings/agents.json'), JSON.stringify({ version: 1, agents }));
}

/**
 * Claude Code with the scripted model, as a person has it after its first start: onboarding done. Trust of a
 * worktree is gt's own seed. Returns its configuration folder.
 */
export function useClaude(home: TestHome, url: string): string {
  const config = join(home.home, 'claude');
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, '.claude.json'),
    JSON.stringify({ hasCompletedOnboarding: true, theme: 'dark' }),
  );
  const env = {
    CLAUDE_CONFIG_DIR: config,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: 'standin',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
  writeAgents(home, { claude: { command: CLAUDE, env } });
  return config;
}

/**
 * opencode with the scripted model. It installs a package into its configuration folder when it starts for the first
 * time; here it finds what tells it that this was done, so it needs no network.
 */
export function useOpencode(home: TestHome, url: string): void {
  const config = join(home.home, '.config/opencode');
  mkdirSync(join(config, 'node_modules'), { recursive: true });
  writeFileSync(
    join(config, 'package-lock.json'),
    JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } },
    }),
  );
  const model = { name: 'standin', tool_call: true, limit: { context: 100_000, output: 8000 } };
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'standin',
    options: { baseURL: `${url}/v1`, apiKey: 'x' },
    models: { one: model },
  };
  const file = join(home.home, 'opencode.json');
  writeFileSync(
    file,
    JSON.stringify({
      model: 'standin/one',
      small_model: 'standin/one',
      autoupdate: false,
      share: 'disabled',
      provider: { standin: provider },
    }),
  );
  const env = { OPENCODE_CONFIG: file, OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' };
  writeAgents(home, { opencode: { command: OPENCODE, env } });
}
