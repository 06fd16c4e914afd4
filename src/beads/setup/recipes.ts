import { HASH, HTML, type Comment } from './section.ts';
import type { JsonHook } from './json-hook.ts';

/** One file that an agent reads. `path` is below the project; `~/…` below the home folder. */
export type RecipeFile =
  | {
      readonly kind: 'section';
      readonly path: string;
      readonly comment: Comment;
      readonly body: 'instructions' | 'aider';
      /** What a new file needs above the section. */
      readonly preface?: string;
    }
  | { readonly kind: 'hook'; readonly path: string; readonly hook: JsonHook };

/** Where one agent looks for instructions. */
export interface Recipe {
  readonly title: string;
  readonly files: readonly RecipeFile[];
  /** For all projects of the user. */
  readonly global?: readonly RecipeFile[];
  /** What a person should know. */
  readonly note?: string;
}

const PRIME: JsonHook = { event: 'SessionStart', command: 'bd prime --hook-json' };

const text = (path: string, preface?: string): RecipeFile => ({
  kind: 'section',
  path,
  comment: HTML,
  body: 'instructions',
  ...(preface === undefined ? {} : { preface }),
});
const hook = (path: string): RecipeFile => ({ kind: 'hook', path, hook: PRIME });

const AGENTS = text('AGENTS.md');
const CURSOR_RULE = '---\ndescription: Track work with bd (beads)\nalwaysApply: true\n---\n\n';

/** Environment variables that move an agent's own folder. */
export const MOVED_HOMES: Readonly<Record<string, string>> = {
  '~/.claude/': 'CLAUDE_CONFIG_DIR',
  '~/.codex/': 'CODEX_HOME',
  '~/.copilot/': 'COPILOT_HOME',
};

export const RECIPES: Readonly<Record<string, Recipe>> = {
  claude: {
    title: 'Claude Code',
    files: [hook('.claude/settings.json'), text('CLAUDE.md')],
    global: [hook('~/.claude/settings.json')],
    note: 'Each new session starts with the output of bd prime.',
  },
  gemini: {
    title: 'Gemini CLI',
    files: [hook('.gemini/settings.json'), text('GEMINI.md')],
    global: [hook('~/.gemini/settings.json')],
    note: 'Each new session starts with the output of bd prime.',
  },
  codex: { title: 'Codex CLI', files: [AGENTS], global: [text('~/.codex/AGENTS.md')] },
  cursor: { title: 'Cursor', files: [text('.cursor/rules/beads.mdc', CURSOR_RULE)] },
  opencode: { title: 'opencode', files: [AGENTS], global: [text('~/.config/opencode/AGENTS.md')] },
  copilot: { title: 'GitHub Copilot', files: [text('.github/copilot-instructions.md')] },
  aider: {
    title: 'Aider',
    files: [
      { kind: 'section', path: '.aider.conf.yml', comment: HASH, body: 'aider' },
      text('.aider/BEADS.md'),
    ],
    note: 'Aider runs no commands by itself: ask it to propose bd commands, and run them with /run.',
  },
  amp: { title: 'Amp', files: [AGENTS], global: [text('~/.config/AGENTS.md')] },
  auggie: { title: 'Auggie', files: [AGENTS] },
  cody: { title: 'Cody', files: [text('.cody/rules/beads.md')] },
  factory: { title: 'Factory Droid', files: [AGENTS] },
  junie: { title: 'Junie', files: [text('.junie/guidelines.md')] },
  kilocode: { title: 'Kilo Code', files: [text('.kilocode/rules/beads.md')] },
  mux: { title: 'Mux', files: [AGENTS], global: [text('~/.mux/AGENTS.md')] },
  omp: { title: 'Oh My Pi', files: [AGENTS] },
  pi: { title: 'Pi', files: [AGENTS] },
  vibe: { title: 'Vibe', files: [AGENTS] },
  windsurf: { title: 'Windsurf', files: [text('.windsurf/rules/beads.md')] },
};
