import { beforeEach, expect, test } from 'vitest';
import { COLOURED, PLAIN } from '../../../src/cli/style.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { renderBead } from '../../../src/ui/text/bead-page.ts';
import { beadLine, renderBeadTable } from '../../../src/ui/text/beads.ts';
import { widthOf } from '../../../src/ui/text/width.ts';
import { makeTestBeads } from './make-beads.ts';

let beads: readonly Bead[];
beforeEach(async () => {
  beads = await makeTestBeads([
    {
      title: 'Parse card numbers the way the bank of the customer writes them',
      type: 'epic',
      labels: ['money', 'ui'],
    },
    {
      title: '漢字 🏭 '.repeat(20),
      priority: 0,
      assignee: 'proj/polecats/toast',
      description: 'word '.repeat(60),
    },
  ]);
});

const terminal = (columns: number) => ({ isTTY: true, columns, style: PLAIN });
const PIPE = { isTTY: false, columns: 80, style: PLAIN };
const NOW = Date.parse('2026-03-01T15:00:00Z');

test.each([60, 80, 120])('on a terminal of %i columns no line is wider', (columns) => {
  const page = { bead: beads[0] ?? never(), dependsOn: [], dependents: [], comments: [] };
  const linked = beads.map((bead) => ({ id: bead.id, type: 'related', bead }));
  const texts = [
    renderBeadTable(beads, terminal(columns), { nothing: '' }),
    renderBead(
      { ...page, bead: beads[1] ?? never(), dependsOn: linked, dependents: linked },
      terminal(columns),
      NOW,
    ),
    ...beads.map((bead) => beadLine(bead, terminal(columns), { before: '├─ ', after: '  (related)' })),
  ];
  for (const line of texts.join('\n').split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
});

test('a pipe gets everything, uncut', () => {
  const table = renderBeadTable(beads, PIPE, { nothing: '' });
  for (const bead of beads) expect(table).toContain(bead.title.trim());
  expect(table).toContain('money ui');
});

test('colours change no letter', () => {
  const plain = renderBeadTable(beads, terminal(80), { nothing: '' });
  const coloured = renderBeadTable(beads, { ...terminal(80), style: COLOURED }, { nothing: '' });
  expect(coloured).not.toBe(plain);
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain);
});

test('a column that says the same of all is left out', () => {
  expect(renderBeadTable(beads.slice(0, 1), PIPE, { nothing: '' })).not.toMatch(/State|Assignee/);
  expect(renderBeadTable([], PIPE, { nothing: 'make one' })).toBe('make one');
});

function never(): never {
  throw new Error('no bead');
}
