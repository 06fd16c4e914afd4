import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';

/** The whole of bd on one screen of 24 lines. */
export function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { bold } = app.output.style;
  const text = [
    `${bold('bd')} keeps issues ("beads") beside your code: what is to do, what waits for what, who does it.`,
    '',
    `${bold('Start')}   bd init                            in your project; makes .beads/, nothing else`,
    `${bold('Write')}   bd create "Fix the login" -t bug -p 1`,
    '        bd create "Rework sessions" -t epic      then: bd create "Step 1" --parent <id>',
    `${bold('Order')}   bd dep add <id> <needs>            the first waits until the second is closed`,
    '        bd dep tree <id>                   the whole chain; bd blocked: what waits',
    `${bold('Work')}    bd ready                           what can start now, most important first`,
    '        bd update <id> --claim             it is yours; bd show <id>: all about it',
    '        bd close <id> --reason "done in abc123" --suggest-next',
    `${bold('Find')}    bd list -l urgent    bd search login    bd list -s closed -n 10    bd stats`,
    `${bold('Wait')}    bd gate create --blocks <id> --type timer --timeout 2h    bd defer <id> --until friday`,
    `${bold('Keep')}    bd remember "tests need docker"    later sessions are told; bd memories`,
    '',
    `${bold('Agents')}  bd setup claude (codex, cursor, gemini, ...) lets your coding agent do all this; it then`,
    '        starts each session with bd prime. Ids may be shortened: 7f3 for app-7f3.',
    `${bold('Data')}    One SQLite file, .beads/beads.db, git ignores it. bd export > file and bd import file`,
    '        carry beads between clones; bd doctor looks for damage. Everything takes --json.',
    '',
    'bd --help lists every command. For a town of agents that work on beads by themselves: gt --help.',
  ].join('\n');
  return Promise.resolve({ text });
}
