/**
 * A scripted agent that looks to gt like Claude Code: a prompt line `❯`, a status line that says `esc to interrupt`
 * while it works, bracketed paste, queued input, dialogs that mark "No, exit", hook commands from a settings file.
 *
 *     node test/agent/fake-agent.ts [flags] [prompt]
 *
 *     --script FILE    JSON: a list of steps, or {"<marker>": steps, "*": steps}; the first marker that stands in the
 *                      prompt decides. Without it: one step {"idle": true}.
 *     --log FILE       one JSON line per thing that happened (see `Happening` in fake/log.ts): what tests assert.
 *     --settings FILE  hooks as Claude Code reads them; SessionStart, UserPromptSubmit, PreToolUse, Stop and
 *                      SessionEnd are called with their JSON on stdin. PreToolUse may block (exit 2), Stop may answer
 *                      {"decision":"block","reason"}: the reason becomes the next prompt, once per turn.
 *     --style NAME     `claude` (default), `plain` (prompt `> `, no status line, no bracketed paste: a line reader),
 *                      `mute` (prints nothing by itself).
 *     --program NAME   one of fake/programs.ts: looks like it and reads what follows `--` as it does.
 *     --session-id ID  passed to hooks; other flags are accepted and ignored.
 *     --resume ID      as that session, which starts with source `resume`.
 *
 * Steps, done one after the other (`Step` in fake/steps.ts has the exact types):
 *     {"run": "CMD"}                 a shell command in the cwd, through PreToolUse; its output is shown
 *     {"spawn": "CMD"}               a background process that outlives the step
 *     {"print": "TEXT"}              raw text on the screen
 *     {"busy": MS} | {"busyUntil": "FILE"}   works for so long, or until the file exists
 *     {"read": N}                    waits at the prompt until N texts were submitted
 *     {"ask": {"title", "options", "marked"?, "wanted"?}}   a dialog; ends with exit 1 when `wanted` was not taken
 *     {"limit": "TEXT"}              shows a rate limit and waits at the prompt
 *     {"ignoreTerm": true}           from now on only KILL ends it
 *     {"exit": CODE} | {"signal": "SIGKILL"}
 *     {"idle": true}                 stays at the prompt for ever (also what follows the last step)
 *
 * A submitted text is logged and shown; `RUN<<CMD>>` in it is run like a step; `/exit` ends with 0, `/clear`
 * begins another session, `/compact` calls PreCompact and starts again with source `compact`. Text submitted
 * while it works is queued and taken at the end of the turn.
 */
import { parseArgs } from 'node:util';
import { createAgent } from './fake/agent.ts';
import { createHooks } from './fake/hooks.ts';
import { createHappenings } from './fake/log.ts';
import { LOOKS, STYLES } from './fake/looks.ts';
import { PROGRAMS, invoke } from './fake/programs.ts';
import { readSteps } from './fake/steps.ts';
import { createTerminal } from './fake/terminal.ts';

const { values, positionals } = parseArgs({
  options: {
    script: { type: 'string' },
    log: { type: 'string' },
    settings: { type: 'string' },
    style: { type: 'string', default: 'claude' },
    program: { type: 'string' },
    resume: { type: 'string' },
    'session-id': { type: 'string', default: '00000000-0000-4000-8000-000000000000' },
    model: { type: 'string' },
  },
  strict: false,
  allowPositionals: true,
});

const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
const program = PROGRAMS[text(values.program) ?? ''];
const asked = program === undefined ? undefined : invoke(program, positionals);
const prompt = asked === undefined ? positionals.at(-1) : asked.prompt;
const resume = asked === undefined ? text(values.resume) : asked.resume;
const happenings = createHappenings(text(values.log));
const agent = createAgent({
  steps: readSteps(text(values.script), prompt ?? ''),
  prompt,
  terminal: createTerminal(
    program?.look ?? LOOKS[STYLES.find((style) => style === values.style) ?? 'claude'],
  ),
  hooks: createHooks({
    settings: text(values.settings),
    session: resume ?? text(values['session-id']) ?? '',
    happenings,
  }),
  happenings,
  source: resume === undefined ? 'startup' : 'resume',
});
await agent.run();
