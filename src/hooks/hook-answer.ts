import type { GuardVerdict } from './guards/decide.ts';
import type { StopVerdict } from './signal-stop.ts';

/** How a runtime reads the answers of its hooks; `text` is Claude Code. */
export const HOOK_FORMATS = ['text', 'gemini', 'codex', 'cursor', 'copilot'] as const;
export type HookFormat = (typeof HOOK_FORMATS)[number];

export function parseHookFormat(word: string | undefined): HookFormat {
  return HOOK_FORMATS.find((format) => format === word) ?? 'text';
}

const EVENTS = {
  gemini: { start: 'SessionStart', prompt: 'BeforeAgent' },
  codex: { start: 'SessionStart', prompt: 'UserPromptSubmit' },
} as const;

/** Text for the model, as the hook of a start or of a submitted text must print it; '' stays ''. */
export function contextAnswer(format: HookFormat, event: 'start' | 'prompt', text: string): string {
  if (text === '') return '';
  switch (format) {
    case 'text':
      return text;
    case 'gemini':
    case 'codex':
      return JSON.stringify({
        hookSpecificOutput: { hookEventName: EVENTS[format][event], additionalContext: text },
      });
    case 'cursor':
      return JSON.stringify({ additional_context: text });
    case 'copilot':
      return JSON.stringify({ additionalContext: text });
  }
}

/** May the turn end? What blocks it goes to the model as its next prompt. */
export function stopAnswer(format: HookFormat, verdict: StopVerdict): string {
  if (format === 'text') return JSON.stringify(verdict);
  if (verdict.decision === 'approve') return '{}';
  const { reason } = verdict;
  return JSON.stringify(format === 'cursor' ? { followup_message: reason } : { decision: 'block', reason });
}

export interface GuardAnswer {
  /** 2 = blocked. */
  readonly exitCode: 0 | 2;
  readonly text: string;
  readonly stderr: string;
}

/** May the command run? Exit 2 with the reason on stderr, or a document where the runtime takes a reason only there. */
export function guardAnswer(format: HookFormat, verdict: GuardVerdict): GuardAnswer {
  if (verdict.allow) return { exitCode: 0, text: '', stderr: '' };
  const reason = `${verdict.guard}: ${verdict.reason}`;
  switch (format) {
    case 'text':
    case 'gemini':
    case 'codex':
      return { exitCode: 2, text: '', stderr: reason };
    case 'cursor':
      return {
        exitCode: 0,
        text: JSON.stringify({ permission: 'deny', user_message: reason, agent_message: reason }),
        stderr: '',
      };
    case 'copilot':
      return {
        exitCode: 0,
        text: JSON.stringify({ permissionDecision: 'deny', permissionDecisionReason: reason }),
        stderr: '',
      };
  }
}
