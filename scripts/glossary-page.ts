import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GLOSSARY } from '../src/cli/glossary.ts';

/** docs/glossary.md, made from the words that `gt help words` prints. Started by hand: `npm run docs`. */
export const GLOSSARY_FILE = resolve(import.meta.dirname, '../docs/glossary.md');

export function renderGlossaryPage(): string {
  const rows = [['word', 'plain word', 'what it is'], ...GLOSSARY];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => padded(cells[column] ?? '', width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = widths.map((width) => '-'.repeat(width));
  return `${INTRO}\n${[head, rule, ...body].map(line).join('\n')}\n`;
}

const INTRO = `# Glossary

The words of \`gt\`, each with the plain word beside it; \`gt help words\` prints the same list. It is made from
\`src/cli/glossary.ts\` by \`npm run docs\`: change it there. Every gt word that a help page uses is in it.
`;

/** By characters as a reader counts them, so that the formatter finds nothing to move. */
function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - Array.from(cell).length);
}

if (import.meta.main) writeFileSync(GLOSSARY_FILE, renderGlossaryPage());
