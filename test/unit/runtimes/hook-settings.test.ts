import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOOK_SETTINGS, withHooks } from '../../../src/runtimes/hook-files/settings.ts';

const GT = '/opt/gt/bin/gt';
const claudeSettings = (existing: Readonly<Record<string, unknown>>, gt: string) =>
  withHooks(existing, HOOK_SETTINGS['claude']!, gt);

describe('the settings that Claude Code gets', () => {
  it('call gt by its absolute path at each event', () => {
    expect(claudeSettings({}, GT)['hooks']).toEqual({
      SessionStart: [{ matcher: '', hooks: [{ type: 'command', command: `${GT} prime --hook` }] }],
      UserPromptSubmit: [{ matcher: '', hooks: [{ type: 'command', command: `${GT} mail check --inject` }] }],
      Stop: [{ matcher: '', hooks: [{ type: 'command', command: `${GT} signal stop` }] }],
      PreCompact: [{ matcher: '', hooks: [{ type: 'command', command: `${GT} checkpoint write` }] }],
      PreToolUse: ['Bash', 'Edit|Write|MultiEdit|NotebookEdit'].map((matcher) => ({
        matcher,
        hooks: [{ type: 'command', command: `${GT} tap guard all` }],
      })),
    });
  });

  it('P17: switch off the notice whose default is to exit', () => {
    expect(
      claudeSettings({ skipDangerousModePermissionPrompt: false }, GT)['skipDangerousModePermissionPrompt'],
    ).toBe(true);
  });

  it('keep what a person has put there', () => {
    const own = { matcher: 'Edit', hooks: [{ type: 'command', command: 'my-formatter' }], note: 'mine' };
    const before = {
      editorMode: 'vim',
      model: 'opus',
      enabledPlugins: { 'other@market': true },
      hooks: { PreToolUse: [own], Notification: [own] },
    };
    const after = claudeSettings(before, GT);
    expect(after).toMatchObject({
      editorMode: 'vim',
      model: 'opus',
      enabledPlugins: { 'other@market': true, 'beads@beads-marketplace': false },
    });
    expect(after['hooks']).toMatchObject({ Notification: [own] });
    expect((after['hooks'] as Record<string, readonly unknown[]>)['PreToolUse']?.[0]).toEqual(own);
  });

  it('writing twice changes nothing', () => {
    const once = claudeSettings({ model: 'opus' }, GT);
    expect(claudeSettings(once, GT)).toEqual(once);
  });

  it('quote a path with blanks', () => {
    expect(JSON.stringify(claudeSettings({}, '/my tools/gt'))).toContain("'/my tools/gt' prime --hook");
  });

  it('replace every entry of the Go gt, whose command guards never fired', () => {
    const url = new URL('../../interop/fixtures/go-polecat-settings.json', import.meta.url);
    const after = JSON.stringify(
      claudeSettings(JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>, GT),
    );
    expect(after).not.toContain('Bash(');
    expect(after).not.toContain('costs record');
    expect(after.match(/tap guard/g)).toHaveLength(2);
  });
});
