/** What every agent file says. Short on purpose: `bd prime` tells the rest, from the state of the day. */
export const INSTRUCTIONS = [
  '## Work is tracked with bd (beads)',
  '',
  'This project keeps its issues in `bd`, not in markdown lists or TODO files. Run `bd prime` when a session starts:',
  'it says how things stand and what can be done now.',
  '',
  '- `bd ready` - work that can start; `bd show <id>` - one issue with all that belongs to it',
  '- `bd update <id> --claim` - take it before you begin',
  '- `bd create "<title>" -d "<why and what>" -t task|bug|feature -p 0-4` - write down what you find on the way',
  '- `bd dep add <id> <needs>` - the first one waits for the second; `--deps discovered-from:<id>` on create',
  '- `bd close <id> --reason "<what was done>"` - when it is done and committed',
  '- `bd remember "<fact>"` - what later sessions should know',
  '',
  'Every command takes `--json`. `bd <command> --help` explains.',
].join('\n');

export const AIDER_READ = 'read:\n  - .aider/BEADS.md';
