import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import { HOOK_SETTINGS, withHooks } from '../../src/runtimes/hook-files/settings.ts';
import { startStandinModel } from '../agent/standin-model.ts';
import type { StandinModel } from '../agent/standin-model.ts';
import { PaneWorld, stateOf } from '../support/pane-world.ts';
import type { AgentPlan } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const CLAUDE = process.env['GT_TEST_CLAUDE'] ?? '';
const TOAST = 'pj-toast' as SessionName;
const tempDir = tempDirs();

/** The text of what a person or gt has said, as it arrived at the model. */
const heard = (model: StandinModel, text: string): boolean =>
  model.requests.some((request) => request.includes(text));

describe.skipIf(CLAUDE === '')('Claude Code in a pane', () => {
  let world: PaneWorld;
  let model: StandinModel;
  beforeEach(async () => {
    world = new PaneWorld(tempDir());
    model = await startStandinModel([
      { marker: 'BEACON', commands: [`sleep 4; touch ${world.root}/worked`] },
    ]);
  });
  afterEach(async () => {
    await world.dispose();
    await model.close();
  });

  /** Its own configuration, in which a person has done the first run. */
  function plan(words: readonly string[], state: Readonly<Record<string, unknown>> = {}): AgentPlan {
    const config = join(world.root, 'claude');
    const work = join(world.root, 'work');
    for (const folder of [config, work]) mkdirSync(folder, { recursive: true });
    const onboarded = { hasCompletedOnboarding: true, theme: 'dark', ...state };
    writeFileSync(join(config, '.claude.json'), JSON.stringify(onboarded));
    return {
      argv: [CLAUDE, '--dangerously-skip-permissions', ...words],
      cwd: work,
      rootEnv: { IS_SANDBOX: '1' },
      env: {
        CLAUDE_CONFIG_DIR: config,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_AUTH_TOKEN: 'standin',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
      },
    };
  }

  async function phasesUntilIdle(): Promise<readonly string[]> {
    const seen: string[] = [];
    await world.until(TOAST, (now) => {
      const { state, reason = '' } = stateOf(now);
      const line = reason === '' ? state : `${state} (${reason})`;
      if (seen.at(-1) !== line) seen.push(line);
      return state === 'idle' || state === 'exited';
    });
    return seen;
  }

  it('P17: both start dialogs, which default to "No, exit", are answered', async () => {
    await world.start(TOAST, plan([]));
    const phases = await phasesUntilIdle();
    expect(phases).toContain('dialog (dialog: trust)');
    expect(phases).toContain('dialog (dialog: bypass permissions)');
    expect(phases.at(-1)).toBe('idle');
  });

  it('P17: no dialog comes up where trust and permissions are settled beforehand', async () => {
    const settings = join(world.root, 'settings.json');
    writeFileSync(settings, JSON.stringify(withHooks({}, HOOK_SETTINGS['claude']!, '/bin/true')));
    const work = join(world.root, 'work');
    await world.start(
      TOAST,
      plan(['--settings', settings, 'hello'], { projects: { [work]: { hasTrustDialogAccepted: true } } }),
      'tmux',
    );
    const phases = await phasesUntilIdle();
    expect(phases.filter((phase) => phase.startsWith('dialog'))).toEqual([]);
    expect(phases.at(-1)).toBe('idle');
    await expect.poll(() => heard(model, 'hello'), { timeout: 20_000 }).toBe(true);
  });

  it('P12: takes a text of several lines when idle, and queues one while a tool runs, without stopping it', async () => {
    await world.start(TOAST, plan([]));
    await phasesUntilIdle();
    expect(
      await world.panes.inject(TOAST, { text: 'BEACON one\nand two', mode: 'when-idle', waitMs: 5000 }),
    ).toEqual({
      sent: true,
    });
    await world.becomes(TOAST, 'busy');
    await world.eventually('the tool call', () => (model.requests.length > 0 ? true : undefined));
    const late = { text: 'a word in between', waitMs: 0 };
    expect(await world.panes.inject(TOAST, { ...late, mode: 'when-idle' })).toEqual({
      sent: false,
      why: 'the agent is busy',
    });
    expect(await world.panes.inject(TOAST, { ...late, mode: 'immediate' })).toEqual({ sent: true });
    await world.eventually('the word at the model', () =>
      heard(model, 'a word in between') ? true : undefined,
    );
    await world.becomes(TOAST, 'idle');
    expect(heard(model, String.raw`BEACON one\nand two`)).toBe(true);
    const result = await world.processes.run({ argv: ['ls', world.root], env: world.env });
    expect(result.stdout).toContain('worked');
  });
});
