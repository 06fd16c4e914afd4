/**
 * The words of gt, each with the plain word and what it is: for `gt help words`, and the source of docs/glossary.md
 * (`npm run docs`). At most 30, or nobody reads them (P35).
 */
export const GLOSSARY: readonly (readonly [word: string, plain: string, meaning: string])[] = [
  ['town', 'workspace', 'the folder (~/gt) of all projects, the ledger, settings and running state'],
  ['rig', 'project', 'one git repository in the town, with its workers and its merge queue'],
  ['bead', 'issue', 'one piece of work, such as gt-abc12; messages and merge requests are beads too'],
  ['ledger', 'database', 'where all beads are: SQLite files in the town, or a Dolt server with history'],
  ['agent', 'coding program', 'Claude Code, opencode … at work under an address: mayor, gt/polecats/nux'],
  ['runtime', 'agent program', 'what runs as an agent: claude, opencode, codex …, or a script'],
  ['session', 'running agent', 'the process in its terminal; it may end and come back without losing work'],
  ['polecat', 'worker', 'a named agent with its own git worktree: takes one bead, hands it in, rests'],
  ['crew', 'own clone', "a person's long-lived workspace in a rig"],
  ['mayor', 'coordinator', 'the agent you talk to: plans and hands out work'],
  ['overseer', 'you', 'the person who owns the town'],
  ['witness, deacon', 'health checks', 'of a rig and of the town: code of the daemon that costs no tokens'],
  ['dog, boot', 'helper', 'does a chore of the whole town; boot watches the watcher'],
  ['hook', 'held work', 'what an agent holds now: a bead, and the worktree for it'],
  ['sling', 'dispatch', 'to give a bead to a worker: hook, worktree, session'],
  ['slot', 'place for a worker', 'as many as may work at once; a bead that finds none waits'],
  ['prime', 'briefing', 'what an agent is told when its session starts'],
  ['done', 'hand in', 'to push the branch and queue it; the bead closes when it has landed'],
  ['handoff', 'note to the next session', 'to end a session so that a fresh one goes on with the same work'],
  ['seance', 'look back', 'what earlier sessions said and did, and what they answer when asked'],
  ['checkpoint', 'record', 'where an agent stood in its work, kept for a day'],
  ['refinery', 'merge engine', 'tests what is handed in and lands it on the main branch'],
  ['mq', 'merge queue', 'the merge requests: handed-in branches that wait for the refinery'],
  ['gate', 'check', "a command of the rig's settings that must pass before anything lands"],
  ['convoy', 'batch', 'beads that are tracked together until all are done'],
  ['molecule', 'workflow', 'several steps that an agent follows, each tracked'],
  ['formula', 'workflow template', 'the file that a molecule is made from'],
  ['daemon', 'supervisor', 'one process per town: watches agents, dispatches, lands; costs no tokens'],
  ['nudge', 'message to a session', 'text typed into an agent’s terminal when it is idle'],
  ['rescue ref', 'backup', 'refs/gt/rescue/…: keeps what a worktree held when it was removed'],
];

/** Two columns, each line short enough for a terminal of 110. */
export function renderGlossary(): string {
  const width = Math.max(...GLOSSARY.map(([word]) => word.length));
  return [
    'The words of gt:',
    '',
    ...GLOSSARY.map(([word, plain, meaning]) => `  ${word.padEnd(width)}  ${plain}: ${meaning}`),
  ].join('\n');
}
