import { describe, expect, it } from 'vitest';
import { decideGuard } from '../../../src/hooks/guards/decide.ts';
import { parseToolUse } from '../../../src/hooks/guards/payload.ts';
import { HOOK_FORMATS, contextAnswer, guardAnswer, stopAnswer } from '../../../src/hooks/hook-answer.ts';
import { parseHookPayload } from '../../../src/hooks/hook-payload.ts';

const JSON_FORMATS = HOOK_FORMATS.filter((format) => format !== 'text');

describe('answers to hooks', () => {
  it('Claude Code takes context as plain text', () => {
    expect(contextAnswer('text', 'start', 'you are toast')).toBe('you are toast');
  });

  it('gemini and codex take it as a document that names the event', () => {
    expect(JSON.parse(contextAnswer('gemini', 'prompt', 'mail'))).toEqual({
      hookSpecificOutput: { hookEventName: 'BeforeAgent', additionalContext: 'mail' },
    });
    expect(JSON.parse(contextAnswer('codex', 'start', 'hello'))).toEqual({
      hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: 'hello' },
    });
    expect(JSON.parse(contextAnswer('cursor', 'start', 'x'))).toEqual({ additional_context: 'x' });
    expect(JSON.parse(contextAnswer('copilot', 'start', 'x'))).toEqual({ additionalContext: 'x' });
  });

  it.each(JSON_FORMATS)('%s: nothing to say is nothing printed, anything else one document', (format) => {
    expect(contextAnswer(format, 'start', '')).toBe('');
    expect(() => JSON.parse(stopAnswer(format, { decision: 'approve' })) as unknown).not.toThrow();
    expect(stopAnswer(format, { decision: 'block', reason: 'read your mail' })).toContain('read your mail');
  });

  it.each(HOOK_FORMATS)('%s: what is blocked is blocked with its reason', (format) => {
    const { exitCode, text, stderr } = guardAnswer(format, { allow: false, guard: 'g', reason: 'no sudo' });
    expect(exitCode === 2 || /deny/.test(text)).toBe(true);
    expect(text + stderr).toContain('g: no sudo');
    expect(guardAnswer(format, { allow: true })).toEqual({ exitCode: 0, text: '', stderr: '' });
  });
});

describe('payloads of hooks', () => {
  const facts = {
    role: 'polecat',
    branch: 'polecat/a/b',
    worktree: undefined,
    town: undefined,
    cwd: undefined,
    home: undefined,
    scratch: [],
  };
  it('the guard finds the command wherever a runtime puts it', () => {
    for (const payload of [
      { tool_name: 'Bash', tool_input: { command: 'sudo ls' } },
      { tool_name: 'run_shell_command', tool_input: { command: 'sudo ls', dir_path: '.' } },
      { hook_event_name: 'beforeShellExecution', command: 'sudo ls', cwd: '/' },
    ]) {
      const verdict = decideGuard({ guard: 'all', use: parseToolUse(JSON.stringify(payload)), facts });
      expect(verdict, JSON.stringify(payload)).toMatchObject({ allow: false, guard: 'dangerous-command' });
    }
  });

  it('a conversation is known by the name that each runtime gives it', () => {
    expect(parseHookPayload('{"session_id":"a","source":"startup","transcript_path":"/t"}')).toEqual({
      sessionId: 'a',
      source: 'startup',
      transcript: '/t',
    });
    expect(parseHookPayload('{"conversation_id":"b","transcript_path":null}').sessionId).toBe('b');
  });
});
