import { expect, test } from 'vitest';
import { renderBead } from '../../../src/ui/text/bead-page.ts';
import { beadLine, renderBeadTable } from '../../../src/ui/text/beads.ts';
import { COLOURED, PLAIN } from '../../../src/cli/style.ts';
import type { Ledger, LedgerTx } from '../../../src/beads/types.ts';
import { codeOf, type LedgerTown } from './setup.ts';

/** What agents, mail and foreign towns may write, by what is bad about it. */
export const TEXTS: readonly (readonly [name: string, text: string])[] = [
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
export const DANGEROUS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const TERMINAL = { isTTY: true, columns: 80, style: PLAIN };

interface ShortField {
  readonly write: (tx: LedgerTx, text: string) => Promise<unknown>;
  readonly read: (rig: Ledger, text: string) => Promise<string | undefined>;
  readonly code: string;
  readonly refuses: RegExp;
}

/** Fields that take one line. */
const SHORT_FIELDS: Readonly<Record<string, ShortField>> = {
  assignee: {
    write: (tx, assignee) => tx.update('fx-h', { assignee }),
    read: async (rig) => (await rig.get('fx-h'))?.assignee,
    code: 'bead.bad-value',
    refuses: /\p{Cc}/u,
  },
  'external ref': {
    write: (tx, externalRef) => tx.update('fx-h', { externalRef }),
    read: async (rig) => (await rig.get('fx-h'))?.externalRef,
    code: 'bead.bad-value',
    refuses: /\p{Cc}/u,
  },
  owner: {
    write: (tx, owner) => tx.create({ id: 'fx-own', title: 'o', owner }),
    read: async (rig) => (await rig.get('fx-own'))?.owner,
    code: 'bead.bad-value',
    refuses: /\p{Cc}/u,
  },
  'gate target': {
    write: (tx, awaitId) => tx.update('fx-h', { awaitId }),
    read: async (rig) => (await rig.get('fx-h'))?.awaitId,
    code: 'bead.bad-value',
    refuses: /\p{Cc}/u,
  },
  label: {
    write: (tx, label) => tx.addLabel('fx-h', label),
    read: async (rig, text) =>
      (await rig.list({ labels: [text] })).flatMap(({ labels }) => labels).find((label) => label === text),
    code: 'bead.bad-label',
    refuses: /[\p{Cc},]/u,
  },
};

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

  test.each(TEXTS)(
    '%s in a field of one line comes back as written, or is refused by name',
    async (_, text) => {
      const { rig } = town();
      await rig.transaction('ann', (tx) => tx.create({ id: 'fx-h', title: 'h', keep: 'wisp' }));
      for (const [name, { write, read, code, refuses }] of Object.entries(SHORT_FIELDS)) {
        const expected = refuses.test(text) ? code : 'none';
        expect([name, await codeOf(rig.transaction('ann', (tx) => write(tx, text)))]).toEqual([
          name,
          expected,
        ]);
        if (expected !== 'none') continue;
        expect([name, await read(rig, text)]).toEqual([name, text]);
        const bead = await rig.get('fx-h');
        if (bead !== undefined)
          expect(renderBeadTable([bead], TERMINAL, { nothing: '' })).not.toMatch(DANGEROUS);
      }
    },
  );

  test.each(TEXTS)(
    '%s in a setting, an event and the name of a writer comes back as written',
    async (_, text) => {
      const { rig } = town();
      await rig.transaction('ann', async (tx) => {
        await tx.setConfig('kv.evil', text);
        await tx.create({ id: 'fx-h', title: 'h', keep: 'no-history', description: text });
        await tx.update('fx-h', { description: 'clean' });
        await tx.close('fx-h', { reason: text });
      });
      expect((await rig.config()).get('kv.evil')).toBe(text);
      const events = await rig.events('fx-h');
      expect(JSON.parse(events[1]?.oldValue ?? '')).toMatchObject({ description: text });
      expect(events.at(-1)?.newValue).toBe(text);
      const byWriter = rig.transaction(text, (tx) => tx.comment('fx-h', 'said'));
      const isRefused = /\p{Cc}/u.test(text);
      expect(await codeOf(byWriter)).toBe(isRefused ? 'bead.bad-value' : 'none');
      expect((await rig.comments('fx-h')).map(({ author }) => author)).toEqual(isRefused ? [] : [text]);
      await rig.transaction('ann', (tx) => tx.setConfig('kv.evil', undefined));
    },
  );

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

  test('a metadata key that would change an object instead of being stored is refused', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
    const metadata: Record<string, unknown> = Object.fromEntries([['__proto__', 'x']]);
    expect(await codeOf(rig.transaction('ann', (tx) => tx.update('fx-a', { metadata })))).toBe(
      'bead.bad-metadata-key',
    );
  });
}
