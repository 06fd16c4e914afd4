import { expect, test } from 'vitest';
import { renderBead } from '../../../src/ui/text/bead-page.ts';
import { beadLine, renderBeadTable } from '../../../src/ui/text/beads.ts';
import { COLOURED, PLAIN } from '../../../src/cli/style.ts';
import type { LedgerTown } from './setup.ts';

/** What agents, mail and foreign towns may write, by what is bad about it. */
const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['quotes', `it's "quoted" \`and\` \\escaped\\`],
  ['SQL', `'); DROP TABLE issues; -- /* ? */ %_`],
  ['a flag', 'x --help -rf --'],
  ['colours and a window title', '\u001B[31mred\u001B[0m \u001B]0;owned\u0007 \u009B2J'],
  ['a cleared screen', 'a\u001B[2J\u001B[1;1Hb\u001Bc'],
  ['an unfinished sequence', 'tail \u001B]8;;http://x'],
  ['backspaces and returns', 'secret\b\b\b\rfake'],
  ['direction overrides', 'user\u202Egpj.exe\u2066\u2069'],
  ['emoji and joiners', '👩‍👩‍👧‍👦 🏳️‍🌈 é'],
  ['wide and combining characters', '漢字 한글 Z̸̧̢a̷l̵g̶o'],
  ['line and paragraph separators', 'a\u2028b\u2029c\u0085d'],
  ['braces and templates', '{{x}} ${y} %s #{z}'],
];

/** Neither escapes nor controls nor overrides may reach a terminal. */
const DANGEROUS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const TERMINAL = { isTTY: true, columns: 80, style: PLAIN };

export function hostileTexts(town: () => LedgerTown): void {
  test.each(TEXTS)('%s comes back as written from every text field, and prints safely', async (_, text) => {
    const { rig } = town();
    const long = `${text}\n\tsecond line`;
    const fields = { description: long, design: long, acceptanceCriteria: long, notes: long };
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-h', title: `t ${text}`, ...fields, metadata: { evil: text } });
      await tx.create({ id: 'fx-o', title: 'other', parent: 'fx-h' });
      await tx.comment('fx-h', long);
      await tx.close('fx-h', { reason: long, force: true });
    });
    const bead = await rig.get('fx-h');
    expect(bead).toMatchObject({
      title: `t ${text}`,
      ...fields,
      metadata: { evil: text },
      closeReason: long,
    });
    const comments = await rig.comments('fx-h');
    expect(comments).toMatchObject([{ text: long }]);
    expect((await rig.list({ titleContains: text })).map(({ id }) => id)).toEqual(['fx-h']);
    if (bead === undefined) return;
    const page = { bead, dependsOn: [{ id: text, type: text, bead: undefined }], dependents: [], comments };
    for (const canvas of [TERMINAL, { ...TERMINAL, isTTY: false }]) {
      expect(renderBead(page, canvas, NOW)).not.toMatch(DANGEROUS);
      expect(renderBeadTable([bead], canvas, { nothing: '' })).not.toMatch(DANGEROUS);
      expect(beadLine(bead, canvas).split('\n')).toHaveLength(1);
    }
    const coloured = renderBead(page, { ...TERMINAL, style: COLOURED }, NOW);
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).not.toMatch(DANGEROUS);
  });

  test('a megabyte of text comes back whole', async () => {
    const { rig } = town();
    const text = `${'Grüße, 漢字! '.repeat(80_000)}end`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
    await rig.transaction('ann', (tx) =>
      tx.create({ id: 'fx-m', title: 'big', description: text, notes: text }),
    );
    expect(await rig.get('fx-m')).toMatchObject({ description: text, notes: text });
    expect(await rig.count({ descriptionContains: '漢字! end' })).toBe(1);
  });

  test('NUL and half characters, which no engine keeps alike, are left out', async () => {
    const { rig } = town();
    const made = await rig.transaction('ann', (tx) =>
      tx.create({ title: 'a\0b', description: 'x\0y\uD800z' }),
    );
    expect(await rig.get(made.id)).toMatchObject({ title: 'ab', description: 'xy\uFFFDz' });
  });
}
