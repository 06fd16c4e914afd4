import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { CLAUDE_LOOK } from './looks.ts';
import type { Look } from './looks.ts';
import type { Question } from './steps.ts';

/**
 * A coding program as people know it from its documentation: what it takes on its command line, what it shows. Written
 * without a look at gt's own records, which are tested against it.
 */
export interface Program {
  readonly options: ParseArgsOptionsConfig;
  /** How it is told what to do first. */
  readonly prompt: 'positional' | 'typed' | { readonly option: string };
  /** Words in front of the options that go on with the conversation that follows them. */
  readonly resume: readonly string[] | { readonly option: string };
  /** One question, one answer, no terminal: words in front, or an option that is a switch or takes the question. */
  readonly print?: { readonly word: string } | { readonly option: string };
  readonly look: Look;
  readonly trust?: Question & { readonly wanted: string };
  readonly limit: string;
}

const SWITCH = { type: 'boolean' } as const;
const VALUE = { type: 'string' } as const;

const moving = (prompt: string, idle: string, busy: string): Look => ({
  prompt,
  idle,
  busy: `${busy} `,
  ticks: true,
  paste: true,
});

const CLAUDE: Program = {
  options: {
    'dangerously-skip-permissions': SWITCH,
    model: VALUE,
    'session-id': VALUE,
    settings: VALUE,
    resume: { ...VALUE, short: 'r' },
    continue: { ...SWITCH, short: 'c' },
    'fork-session': SWITCH,
    print: { ...SWITCH, short: 'p' },
  },
  prompt: 'positional',
  resume: { option: 'resume' },
  print: { option: 'print' },
  look: CLAUDE_LOOK,
  trust: {
    title: 'Quick safety check: Is this a project you created or one you trust?',
    options: ['No, exit', 'Yes, I trust this folder'],
    wanted: 'Yes, I trust this folder',
  },
  limit: "You've hit your limit · resets 7pm (UTC)",
};

/** By the name of its record. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  claude: CLAUDE,
  'claude-sonnet': CLAUDE,
  'claude-haiku': CLAUDE,
  'groq-compound': CLAUDE,
  gemini: {
    options: {
      'approval-mode': VALUE,
      'prompt-interactive': { ...VALUE, short: 'i' },
      prompt: { ...VALUE, short: 'p' },
      resume: { ...VALUE, short: 'r' },
    },
    prompt: { option: 'prompt-interactive' },
    resume: { option: 'resume' },
    print: { option: 'prompt' },
    look: moving('│ > ', '~/project', 'Thinking... (esc to cancel, 4s)'),
    trust: {
      title: 'Do you trust the files in this folder?',
      options: ["Don't trust", 'Trust folder (project)', 'Trust parent folder (work)'],
      wanted: 'Trust folder (project)',
    },
    limit: '[API Error: quota exceeded for quota metric "Requests"]',
  },
  codex: {
    options: { 'dangerously-bypass-approvals-and-sandbox': SWITCH, model: { ...VALUE, short: 'm' } },
    prompt: 'typed',
    resume: ['resume'],
    print: { word: 'exec' },
    look: moving('› ', '? for shortcuts', '• Working (3s • esc to interrupt)'),
    trust: {
      title: 'Do you trust the contents of this directory? Working with untrusted contents comes with risk.',
      options: ['No, quit', 'Yes, continue'],
      wanted: 'Yes, continue',
    },
    limit: "■ You've hit your usage limit. Try again in 3 hours.",
  },
  cursor: {
    options: { force: { ...SWITCH, short: 'f' }, print: { ...SWITCH, short: 'p' }, resume: VALUE },
    prompt: 'positional',
    resume: { option: 'resume' },
    print: { option: 'print' },
    look: moving(' → ', 'Auto', '⬢ Generating'),
    limit: 'You have reached your usage limit',
  },
  auggie: {
    options: { 'allow-indexing': SWITCH, resume: { ...VALUE, short: 'r' } },
    prompt: 'positional',
    resume: { option: 'resume' },
    look: moving('› ', '? to show shortcuts', '⠧ Processing response'),
    limit: 'Request failed: 429 Too Many Requests',
  },
  amp: {
    options: {
      'dangerously-allow-all': SWITCH,
      'no-ide': SWITCH,
      execute: { ...VALUE, short: 'x' },
    },
    prompt: 'positional',
    resume: ['threads', 'continue'],
    print: { option: 'execute' },
    look: moving('│ ', '╰─ 12% of 168k', '≈ Running inference'),
    limit: 'Error: rate limit reached',
  },
  opencode: {
    options: {
      prompt: VALUE,
      session: { ...VALUE, short: 's' },
      continue: { ...SWITCH, short: 'c' },
      fork: SWITCH,
    },
    prompt: { option: 'prompt' },
    resume: { option: 'session' },
    print: { word: 'run' },
    look: moving('┃  ', 'tab agents  ctrl+p commands', '⬝⬝■■ esc interrupt'),
    limit: 'Rate limit exceeded [retrying in 30s attempt #2]',
  },
  copilot: {
    options: {
      yolo: SWITCH,
      interactive: { ...VALUE, short: 'i' },
      prompt: { ...VALUE, short: 'p' },
      resume: VALUE,
      continue: SWITCH,
    },
    prompt: { option: 'interactive' },
    resume: { option: 'resume' },
    print: { option: 'prompt' },
    look: moving('❯ ', 'shift+tab cycle mode', '◉ Thinking (Esc to cancel · 402 B)'),
    limit: 'You have hit a rate limit. Please try again in 20 minutes.',
  },
  pi: {
    options: {
      extension: { ...VALUE, short: 'e' },
      'session-id': VALUE,
      session: VALUE,
      continue: { ...SWITCH, short: 'c' },
      print: { ...SWITCH, short: 'p' },
    },
    prompt: 'positional',
    resume: { option: 'session' },
    print: { option: 'print' },
    look: moving('', '~/project', '⠏ Working...'),
    limit: 'Error: 429 rate_limit_error',
  },
  omp: {
    options: {
      hook: VALUE,
      resume: { ...VALUE, short: 'r' },
      continue: { ...SWITCH, short: 'c' },
      print: { ...SWITCH, short: 'p' },
    },
    prompt: 'positional',
    resume: { option: 'resume' },
    print: { option: 'print' },
    look: moving('> ', '~/project', '⠏ Working...'),
    limit: 'Error: 429 rate_limit_error',
  },
  vibe: {
    options: {
      agent: VALUE,
      prompt: { ...VALUE, short: 'p' },
      resume: VALUE,
      continue: { ...SWITCH, short: 'c' },
    },
    prompt: 'positional',
    resume: { option: 'resume' },
    print: { option: 'prompt' },
    look: moving('> ', '~/project', 'Generating… (3s Esc/Ctrl+C to interrupt)'),
    limit: 'Rate limit exceeded, please wait',
  },
};

/** What the program was asked to do. */
export interface Invocation {
  readonly prompt: string | undefined;
  /** Conversation that it goes on with. */
  readonly resume: string | undefined;
  /** Question that it answers without a terminal. */
  readonly print: string | undefined;
}

/** Reads the words behind the program's name as it does; throws on what it does not know. */
export function invoke(program: Program, words: readonly string[]): Invocation {
  const { print, resume, prompt } = program;
  const asked = print !== undefined && 'word' in print && words[0] === print.word;
  const behind = asked ? words.slice(1) : words;
  const going = !('option' in resume) && resume.every((word, at) => behind[at] === word) ? resume : [];
  const { values, positionals } = parseArgs({
    args: behind.slice(going.length),
    options: program.options,
    allowPositionals: true,
  });
  const value = (name: string): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  const rest = [...positionals];
  const resumed = 'option' in resume ? value(resume.option) : going.length > 0 ? rest.shift() : undefined;
  const printing = print !== undefined && 'option' in print && values[print.option] !== undefined;
  const question = printing ? value(print.option) : undefined;
  const last = question === undefined && (asked || printing) ? rest.shift() : undefined;
  const first =
    typeof prompt === 'object' ? value(prompt.option) : prompt === 'typed' ? undefined : rest.shift();
  if (rest.length > 0) throw new Error(`unexpected argument: ${rest.join(' ')}`);
  return { prompt: first, resume: resumed, print: question ?? last };
}
