import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GLOSSARY } from '../src/cli/glossary.ts';
import { markdownTable } from './markdown-table.ts';

/** docs/glossary.md, made from the words that `gt help words` prints. Started by hand: `npm run docs`. */
export const GLOSSARY_FILE = resolve(import.meta.dirname, '../docs/glossary.md');

export function renderGlossaryPage(): string {
  return `${INTRO}\n${markdownTable(['word', 'plain word', 'what it is'], GLOSSARY)}\n`;
}

const INTRO = `# Glossary

The words of \`gt\`, each with the plain word beside it; \`gt help words\` prints the same list. It is made from
\`src/cli/glossary.ts\` by \`npm run docs\`: change it there. Every gt word that a help page uses is in it.
`;

if (import.meta.main) writeFileSync(GLOSSARY_FILE, renderGlossaryPage());
