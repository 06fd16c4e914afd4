import { describe, expect, it } from 'vitest';
import { makeCatalog } from '../../../src/runtimes/catalog.ts';
import { planLaunch } from '../../../src/runtimes/launch.ts';
import type { LaunchRequest } from '../../../src/runtimes/launch.ts';

const catalog = makeCatalog({ town: {}, rig: {}, custom: [], registries: [] }, [
  '/bin/node',
  '/gt/src/main.ts',
]);
const ID = '5f0c9f0e-0000-4000-8000-000000000001';
const SETTINGS = '/town/proj/polecats/.claude/settings.json';
const HOOKS = { file: SETTINGS, env: {} };

function launch(name: string, more: Partial<LaunchRequest> = {}) {
  return planLaunch({
    runtime: catalog.get(name),
    conversation: ID,
    lookUp: {},
    prompt: 'work on pj-1',
    ...more,
  });
}

describe('how an agent is started', () => {
  it('claude: chosen session id, settings file, prompt as the last argument', () => {
    expect(launch('claude', { hooks: HOOKS })).toEqual({
      argv: [
        'claude',
        '--dangerously-skip-permissions',
        '--session-id',
        ID,
        '--settings',
        SETTINGS,
        'work on pj-1',
      ],
      conversation: '5f0c9f0e-0000-4000-8000-000000000001',
      env: {},
      typedPrompt: undefined,
    });
  });

  it('without hooks the prompt says that the agent must fetch its context', () => {
    expect(launch('claude').argv.at(-1)).toBe('work on pj-1\nRun `gt prime` first.');
    expect(launch('gemini').argv.slice(-2)).toEqual(['-i', 'work on pj-1\nRun `gt prime` first.']);
  });

  it('a runtime without prompt argument is told by typing', () => {
    const { argv, typedPrompt } = launch('codex');
    expect(argv).toEqual(['codex', '--dangerously-bypass-approvals-and-sandbox']);
    expect(typedPrompt).toContain('work on pj-1');
  });

  it('P26: a prompt cannot be read as a flag', () => {
    expect(launch('claude', { prompt: '--help', hooks: HOOKS }).argv.at(-1)).toBe(' --help');
  });

  it('the script runner gets no prompt', () => {
    expect(launch('script')).toEqual({
      argv: ['/bin/node', '/gt/src/main.ts', 'script-run'],
      env: {},
      typedPrompt: undefined,
    });
  });

  it('no prompt: nothing is said', () => {
    expect(launch('claude', { prompt: undefined, hooks: HOOKS }).argv.at(-1)).toBe(SETTINGS);
    expect(launch('codex', { prompt: undefined }).typedPrompt).toBeUndefined();
  });

  it('a $NAME is looked up at the start, and left out where it is not set', () => {
    expect(launch('groq-compound', { lookUp: { GROQ_API_KEY: 'secret' } }).env['ANTHROPIC_API_KEY']).toBe(
      'secret',
    );
    expect(launch('groq-compound').env).not.toHaveProperty('ANTHROPIC_API_KEY');
  });

  it('a wrapper comes before the command', () => {
    const runtime = { ...catalog.get('amp'), execWrapper: ['exitbox', 'run', '--'] };
    expect(launch('amp', { runtime }).argv.slice(0, 4)).toEqual(['exitbox', 'run', '--', 'amp']);
  });
});
