/** What an agent draws below everything that it has printed. */
export interface Look {
  /** In front of what is typed; undefined = it draws nothing at all. */
  readonly prompt: string | undefined;
  /** The line below, at its prompt and while it works; absent = there is none. */
  readonly idle?: string;
  readonly busy?: string;
  /** Something moves while it works. */
  readonly ticks?: true;
  /** Takes pastes as such, else it reads lines. */
  readonly paste: boolean;
}

export const CLAUDE_LOOK: Look = {
  prompt: '❯\u00A0',
  idle: '⏵⏵ bypass permissions on',
  busy: '⏵⏵ bypass permissions on · esc to interrupt',
  paste: true,
};

export const LOOKS = {
  claude: CLAUDE_LOOK,
  plain: { prompt: '> ', paste: false },
  mute: { prompt: undefined, paste: false },
} as const satisfies Readonly<Record<string, Look>>;

export const STYLES = ['claude', 'plain', 'mute'] as const;
