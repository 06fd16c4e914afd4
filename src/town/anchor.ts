/**
 * T/CLAUDE.md by sections. What a section says is gt's first word on it only: one that is there is never changed. The
 * Go gt looks for the second and third heading.
 */
const SECTIONS: readonly { readonly heading: string; readonly text: string }[] = [
  {
    heading: '## Where you are',
    text: [
      'This folder is the root of a town of coding agents. Each project is a rig in its own folder here; work is',
      'beads (issues) in a ledger. Who you are and what is on your hook: `gt prime`.',
      '',
      'Do not edit files of a rig here: work happens in the worktrees below `<rig>/polecats` and `<rig>/crew`.',
    ].join('\n'),
  },
  {
    heading: '## Dolt Server and ledger',
    text: [
      'The ledger is SQLite inside the town or a Dolt server of the town: `gt store status` says which. When it does not',
      'answer: `gt up`. Never start a server by hand, and never delete anything below `.store` or `.dolt-data`.',
    ].join('\n'),
  },
  {
    heading: '### Communication hygiene',
    text: 'A nudge is enough for what only matters now; mail is kept in the ledger for ever.',
  },
];

/** The text of a new town. */
export function anchorText(name: string): string {
  return `# ${name}: a Gas Town\n\n${SECTIONS.map(inFull).join('\n')}`;
}

/** `text` with the sections that it lacks at its end; the same text when it has all. */
export function withSections(text: string): string {
  const lines = text.split('\n');
  const missing = SECTIONS.filter(({ heading }) => !lines.some((line) => isHeading(line, heading)));
  if (missing.length === 0) return text;
  return `${text.trimEnd()}\n\n${missing.map(inFull).join('\n')}`;
}

/** Go's own heading goes on after `## Dolt Server`. */
function isHeading(line: string, heading: string): boolean {
  return (
    line.trim() === heading || (heading.startsWith('## Dolt Server') && line.startsWith('## Dolt Server'))
  );
}

function inFull({ heading, text }: (typeof SECTIONS)[number]): string {
  return `${heading}\n\n${text}\n`;
}
