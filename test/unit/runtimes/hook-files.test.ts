import { describe, expect, it } from 'vitest';
import { HOOK_SETTINGS, ownHooks, withHooks } from '../../../src/runtimes/hook-files/settings.ts';
import { HOOK_PLUGINS, pluginText } from '../../../src/runtimes/hook-files/plugins.ts';

const GT = '/opt/gt/bin/gt';
const PROVIDERS = Object.keys(HOOK_SETTINGS);

/** Commands by event, whatever the shape of an entry. */
function commandsOf(hooks: unknown): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(hooks as Record<string, readonly unknown[]>).map(([event, entries]) => [
      event,
      [...JSON.stringify(entries).matchAll(/"(?:command|bash)":"([^"]+)"/g)].map(([, text]) => text ?? ''),
    ]),
  );
}

describe('hook files of the runtimes', () => {
  it.each([
    [
      'gemini',
      {
        SessionStart: [`${GT} prime --hook --format gemini`],
        BeforeAgent: [`${GT} mail check --inject --format gemini`],
        AfterAgent: [`${GT} signal stop --format gemini`],
        PreCompress: [`${GT} checkpoint write`],
        BeforeTool: [`${GT} tap guard all --format gemini`, `${GT} tap guard all --format gemini`],
      },
    ],
    [
      'cursor',
      {
        sessionStart: [`${GT} prime --hook --format cursor`],
        stop: [`${GT} signal stop --format cursor`],
        preCompact: [`${GT} checkpoint write`],
        beforeShellExecution: [`${GT} tap guard all --format cursor`],
      },
    ],
    [
      'copilot',
      {
        SessionStart: [`${GT} prime --hook --format copilot`],
        Stop: [`${GT} signal stop --format copilot`],
        PreCompact: [`${GT} checkpoint write`],
        PreToolUse: [`${GT} tap guard all --format copilot`],
      },
    ],
    [
      'codex',
      {
        SessionStart: [`${GT} prime --hook --format codex`],
        UserPromptSubmit: [`${GT} mail check --inject --format codex`],
        Stop: [`${GT} signal stop --format codex`],
        PreToolUse: [`${GT} tap guard all --format codex`],
      },
    ],
  ])('%s calls gt at its own events, and is answered as it reads', (provider, commands) => {
    expect(commandsOf(withHooks({}, HOOK_SETTINGS[provider]!, GT)['hooks'])).toEqual(commands);
  });

  it.each(PROVIDERS)('%s: what a person has put there stays, also beside ours', (provider) => {
    const settings = HOOK_SETTINGS[provider]!;
    const event = ownHooks(settings, GT)[0]![0];
    const own = { type: 'command', command: 'my-logger', bash: 'my-logger' };
    const before = { theme: 'mine', hooks: { [event]: [own], elsewhere: [own] } };
    const after = withHooks(before, settings, GT);
    expect(after).toMatchObject({ theme: 'mine', hooks: { elsewhere: [own] } });
    expect((after['hooks'] as Record<string, readonly unknown[]>)[event]?.[0]).toEqual(own);
  });

  it.each(PROVIDERS)('%s: an older gt is replaced, and writing twice changes nothing', (provider) => {
    const settings = HOOK_SETTINGS[provider]!;
    const old = withHooks({}, settings, '/old place/bin/gt');
    const after = withHooks(old, settings, GT);
    expect(JSON.stringify(after)).not.toContain('/old place');
    expect(after).toEqual(withHooks({}, settings, GT));
    expect(withHooks(after, settings, GT)).toEqual(after);
  });

  it.each(Object.keys(HOOK_PLUGINS))('%s: hostile paths stay texts of the program', (provider) => {
    const gt = `/a'b"c\n$\{x}/gt`;
    const places = { gt, log: '/log' };
    const text = pluginText([`const GT = '{{gt}}';`, ''], HOOK_PLUGINS[provider]!, places);
    expect(text.trim()).toBe(`const GT = ${JSON.stringify(gt)};`);
  });
});
