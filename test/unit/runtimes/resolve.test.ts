import { describe, expect, it } from 'vitest';
import { parseRigName } from '../../../src/core/names.ts';
import type { AgentFiles } from '../../../src/runtimes/agent-files.ts';
import { makeCatalog } from '../../../src/runtimes/catalog.ts';
import { parseCostTier } from '../../../src/runtimes/cost-tiers.ts';
import { chooseRuntime, effortOf } from '../../../src/runtimes/resolve.ts';
import type { RuntimeRequest } from '../../../src/runtimes/resolve.ts';

const GT = ['/usr/bin/node', '/opt/gt/src/main.ts'] as const;
const NOTHING: AgentFiles = { town: {}, rig: {}, custom: [], registries: [] };
const POLECAT: RuntimeRequest = { role: 'polecat', rig: parseRigName('proj'), worker: 'toast' };

function choose(files: Partial<AgentFiles>, request: RuntimeRequest = POLECAT): string {
  const all = { ...NOTHING, ...files };
  return chooseRuntime(all, request, makeCatalog(all, GT)).name;
}

describe('which runtime an agent gets', () => {
  it('is claude when nobody says anything', () => {
    expect(choose({})).toBe('claude');
  });

  /** From the weakest to the strongest: each beats all before it. */
  const ORDER = [
    ['town default_agent', (files: Says) => (files.town.default_agent = 'gemini')],
    ['rig agent', (files: Says) => (files.rig.agent = 'codex')],
    ['rig runtime', (files: Says) => (files.rig.runtime = { provider: 'amp' })],
    ['town role_agents', (files: Says) => (files.town.role_agents = { polecat: 'cursor' })],
    ['rig role_agents', (files: Says) => (files.rig.role_agents = { polecat: 'auggie' })],
    ['town crew_agents', (files: Says) => (files.town.crew_agents = { toast: 'copilot' })],
    ['rig worker_agents', (files: Says) => (files.rig.worker_agents = { toast: 'opencode' })],
  ] as const;
  const WINNERS = ['gemini', 'codex', 'amp', 'cursor', 'auggie', 'copilot', 'opencode'];

  interface Says {
    readonly town: {
      default_agent?: string;
      role_agents?: Record<string, string>;
      crew_agents?: Record<string, string>;
    };
    readonly rig: {
      agent?: string;
      runtime?: { provider: string };
      role_agents?: Record<string, string>;
      worker_agents?: Record<string, string>;
    };
  }

  it.each(ORDER.map(([name], index) => [name, index] as const))(
    'P32: %s beats what is weaker',
    (_name, index) => {
      const files: Says = { town: {}, rig: {} };
      for (const [, say] of ORDER.slice(0, index + 1)) say(files);
      expect(choose(files)).toBe(WINNERS[index]);
    },
  );

  it('a cost tier goes before the roles of the settings, and displaces neither a member’s agent nor another vendor', () => {
    const budget = { ...POLECAT, tier: 'budget' } as const;
    expect(choose({}, budget)).toBe('claude-sonnet');
    expect(choose({ town: { role_agents: { polecat: 'claude-haiku' } } }, budget)).toBe('claude-sonnet');
    expect(
      choose({ town: { role_agents: { polecat: 'claude-haiku' } } }, { ...budget, tier: 'standard' }),
    ).toBe('claude');
    expect(choose({ town: { role_agents: { polecat: 'codex' } } }, budget)).toBe('codex');
    expect(choose({ town: { default_agent: 'gemini' } }, budget)).toBe('gemini');
    expect(choose({ rig: { worker_agents: { toast: 'claude' } } }, budget)).toBe('claude');
    expect(choose({}, { role: 'overseer', tier: 'budget' })).toBe('claude');
  });

  it('effort: the tier, the rig, the town, high', () => {
    const town = { role_effort: { polecat: 'low' } } as const;
    const rig = { role_effort: { polecat: 'max' } } as const;
    const effort = (files: Partial<AgentFiles>, request = POLECAT) =>
      effortOf({ ...NOTHING, ...files }, request);
    expect(effort({})).toBe('high');
    expect(effort({ town })).toBe('low');
    expect(effort({ town, rig })).toBe('max');
    expect(effort({ town, rig }, { ...POLECAT, tier: 'budget' })).toBe('medium');
  });

  it('an unknown tier is refused with the nearest one', () => {
    expect(() => parseCostTier('econnomy')).toThrow(
      expect.objectContaining({
        code: 'config.bad-value',
        hint: expect.stringContaining('economy') as unknown,
      }),
    );
  });

  it('dogs take the cheap model, unless the town works with another vendor', () => {
    expect(choose({}, { role: 'dog', worker: 'rex' })).toBe('claude-haiku');
    expect(choose({ town: { default_agent: 'gemini' } }, { role: 'dog', worker: 'rex' })).toBe('gemini');
    expect(choose({ town: { role_agents: { dog: 'claude-sonnet' } } }, { role: 'dog' })).toBe(
      'claude-sonnet',
    );
    expect(choose({}, { role: 'boot' })).toBe('claude-haiku');
  });
});

describe('names of agents', () => {
  const catalog = (files: Partial<AgentFiles> = {}) => makeCatalog({ ...NOTHING, ...files }, GT);

  it('rig definitions beat those of the town, those beat the built-in table', () => {
    const town = { gemini: { command: 'town-gemini', args: [] } };
    const rig = { gemini: { command: 'rig-gemini', args: [] } };
    expect(catalog({ custom: [town] }).get('gemini').command).toBe('town-gemini');
    expect(catalog({ custom: [town, rig] }).get('gemini').command).toBe('rig-gemini');
  });

  it('agents.json changes single keys of a built-in', () => {
    const record = catalog({ registries: [{ claude: { args: ['--model', 'opus'] } }] }).get('claude');
    expect(record).toMatchObject({ command: 'claude', args: ['--model', 'opus'], custom: false });
    expect(record.hooks?.file).toBe('.claude/settings.json');
  });

  it('a custom agent takes what it does not say from its provider', () => {
    const record = catalog({
      custom: [{ mine: { provider: 'codex', command: '/opt/codex2', args: [] } }],
    }).get('mine');
    expect(record).toMatchObject({
      preset: 'codex',
      prompt: { kind: 'typed' },
      args: [],
      custom: true,
      proven: false,
    });
    expect(record.rules.readyPrefix).toBe('› ');
  });

  it('hooks of another provider lie where that one looks for them', () => {
    const custom = [
      {
        mine: { provider: 'claude', command: 'mine', hooks: { provider: 'codex' } },
        plain: { command: './bot', hooks: { provider: 'claude' } },
      },
    ];
    expect(catalog({ custom }).get('mine').hooks).toMatchObject({
      provider: 'codex',
      base: 'work',
      file: '.codex/hooks.json',
      flag: undefined,
    });
    expect(catalog({ custom }).get('plain').hooks).toMatchObject({ base: 'settings', flag: '--settings' });
    expect(catalog().get('codex').hooks).toBeUndefined();
  });

  it('without provider the name of the program decides', () => {
    const custom = [{ mine: { command: '/opt/bin/gt-opencode', args: [] } }];
    expect(catalog({ custom }).get('mine')).toMatchObject({
      preset: 'opencode',
      prompt: { kind: 'flag', flag: '--prompt' },
    });
  });

  it('an unknown program is plain: no flags, no hooks, its first prompt is typed', () => {
    const record = catalog({ custom: [{ mine: { command: './wrapper.sh', args: [] } }] }).get('mine');
    expect(record).toMatchObject({ preset: 'plain', prompt: { kind: 'typed' }, args: [] });
    expect(record.hooks ?? record.sessionIdFlag).toBeUndefined();
    expect(record.rules).toMatchObject({ ready: 'delay', queuesWhileBusy: false });
    expect(record.rules.readyPrefix).toBeUndefined();
  });

  it('an unknown program that names its prompt sign is waited for by it', () => {
    const mine = { command: './mybot', args: [], tmux: { ready_prompt_prefix: 'bot> ' } };
    expect(catalog({ custom: [{ mine }] }).get('mine').rules).toMatchObject({
      ready: 'prefix',
      readyPrefix: 'bot> ',
    });
  });

  it('words behind a name are extra arguments', () => {
    expect(catalog().get('opencode acp').args).toEqual(['acp']);
    expect(catalog().get('claude --model haiku').args).toEqual([
      '--dangerously-skip-permissions',
      '--model',
      'haiku',
    ]);
  });

  it('an unknown name is an error that says what there is', () => {
    expect(() => catalog().get('clod')).toThrow(expect.objectContaining({ code: 'agent.not-found' }));
  });

  it('the script runner is gt itself: no prompt, ready at once', () => {
    expect(catalog().get('script')).toMatchObject({
      kind: 'script',
      command: GT[0],
      args: [GT[1], 'script-run'],
      prompt: { kind: 'none' },
      hooks: undefined,
      rules: { ready: 'once' },
    });
  });

  it('P28: every built-in record is complete: it can be started, and its prompt is delivered somehow', () => {
    for (const name of catalog().names) {
      const record = catalog().get(name);
      expect(record.command, name).not.toBe('');
      expect(record.rules.ready === 'prefix', name).toBe(record.rules.readyPrefix !== undefined);
      expect(record.kind === 'script' || record.processNames.length > 0, name).toBe(true);
    }
  });
});
