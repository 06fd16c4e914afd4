import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  nat,
  property,
  record,
} from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planRetention, runRetention } from '../../../src/beads/retention.ts';
import type { NewBead } from '../../../src/beads/types.ts';
import { makeLedgerTown, type LedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

const HOUR_MS = 3_600_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const INFRA = ['agent', 'rig', 'role', 'message'];
const PROTECTED = [
  'gt:merge-request',
  'gt:standing-orders',
  'gt:keep',
  'gt:escalation',
  'gt:convoy',
  'gt:agent',
];

/** Mostly what may go, so that the exceptions among it are what the property is about. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  constantFrom(...others, ...others.map(() => usual), ...others.map(() => usual));

const bead = record({
  keep: mostly<NonNullable<NewBead['keep']>>('wisp', 'issue', 'no-history'),
  status: mostly('closed', 'open', 'hooked', 'pinned', 'in_progress'),
  type: mostly('task', 'molecule', ...INFRA, 'convoy', 'merge-request'),
  label: mostly('', 'gt:sling-context', 'other', ...PROTECTED),
  wispType: mostly('', 'ping', 'patrol', 'error'),
  pinned: boolean(),
});
const edge = record({
  from: nat(NAMES.length - 1),
  to: nat(NAMES.length - 1),
  type: constantFrom('related', 'blocks', 'parent-child', 'tracks', 'waits-for'),
});

let town: LedgerTown;
beforeEach(async () => {
  town = await makeLedgerTown(createFakeStore());
  await town.rig.transaction('ann', (tx) =>
    tx.setConfig('types.custom', 'agent,rig,role,convoy,merge-request'),
  );
});
afterEach(() => town.store.close());

test('P23: over random graphs no open, protected, infra, pinned, hooked, attached or referenced row goes', async () => {
  let removed = 0;
  await assert(
    asyncProperty(
      array(bead, { minLength: NAMES.length, maxLength: NAMES.length }),
      array(edge, { maxLength: 6 }),
      record({ hours: integer({ min: 0, max: 200 }), hook: nat(NAMES.length), attached: nat(NAMES.length) }),
      async (beads, edges, { hours, hook, attached }) => {
        const { rig, clock } = town;
        await rig.transaction('ann', async (tx) => {
          for (const one of await tx.list({ includeTemplates: true })) await tx.delete(one.id);
          for (const [index, { label, pinned, ...fields }] of beads.entries()) {
            const id = `fx-${NAMES[index]}`;
            await tx.create({ id, title: id, ...fields, labels: label === '' ? [] : [label] });
            if (pinned && index % 4 === 0) await tx.update(id, { pinned: true });
          }
          await tx.create({ id: 'fx-worker', title: 'w', labels: ['gt:agent'] });
          await tx.update('fx-worker', { hookBead: `fx-${NAMES[hook] ?? 'none'}` });
          const description = `attached_molecule: fx-${NAMES[attached] ?? 'none'}`;
          await tx.create({ id: 'fx-work', title: 'w', description });
          for (const { from, to, type } of edges) {
            await tx
              .addEdge({ from: `fx-${NAMES[from]}`, to: `fx-${NAMES[to]}`, type })
              .catch(() => undefined);
          }
        });
        const before = await rig.list({ includeTemplates: true });
        const all = await rig.edgesFrom(before.map((one) => one.id));
        clock.advance(hours * HOUR_MS);
        const plan = await runRetention(rig, 'daemon', { now: clock.now() });
        const gone = new Set<string>(plan.remove.map((one) => one.id));
        removed += gone.size;
        for (const one of before.filter(({ id }) => gone.has(id))) {
          expect(one).toMatchObject({ table: 'wisps', status: 'closed', ephemeral: true, pinned: false });
          expect([...INFRA, 'convoy', 'merge-request']).not.toContain(one.type);
          expect(one.labels.filter((label) => PROTECTED.includes(label))).toEqual([]);
          expect([`fx-${NAMES[hook]}`, `fx-${NAMES[attached]}`]).not.toContain(one.id);
          expect(hours).toBeGreaterThanOrEqual({ ping: 6, patrol: 24, error: 168 }[one.wispType] ?? 24);
        }
        for (const { from, to } of all)
          if (gone.has(to)) expect(gone.has(from), `${from} names ${to}`).toBe(true);
        const left = await rig.list({ includeTemplates: true });
        expect(left.map((one) => one.id).toSorted()).toEqual(
          before
            .map((one) => one.id)
            .filter((id) => !gone.has(id))
            .toSorted(),
        );
        expect(await rig.recomputeBlocked()).toBe(0);
        // Nothing more goes the second time: what stayed, stayed for a reason.
        expect((await runRetention(rig, 'daemon', { now: clock.now() })).remove).toEqual([]);
      },
    ),
    { numRuns: 120 },
  );
  expect(removed).toBeGreaterThan(20);
});

test('P23: what a staying row names stays, and what that one names, through any chain and in any order', async () => {
  const { rig, clock } = town;
  await rig.transaction('ann', async (tx) => {
    for (const name of NAMES)
      await tx.create({ id: `fx-${name}`, title: name, keep: 'wisp', status: 'closed' });
  });
  const wisps = await rig.list({});
  const facts = { held: new Set<string>(), infraTypes: new Set<string>(), now: clock.now() + 48 * HOUR_MS };
  const pair = record({ from: constantFrom(...NAMES, 'stays'), to: constantFrom(...NAMES) });
  assert(
    property(array(pair, { maxLength: 12 }), (pairs) => {
      const references = pairs.map(({ from, to }) => ({ from: `fx-${from}`, to: `fx-${to}` }));
      const removed = (beads: typeof wisps, list: typeof references) =>
        planRetention({ ...facts, wisps: beads, references: list })
          .remove.map((one) => one.id)
          .toSorted();
      const isNamed = (id: string, seen: readonly string[] = []): boolean =>
        references.some(
          ({ from, to }) =>
            to === id && (from === 'fx-stays' || (!seen.includes(from) && isNamed(from, [...seen, id]))),
        );
      const expected = wisps.map((one) => one.id).filter((id) => !isNamed(id));
      expect(removed(wisps, references)).toEqual(expected.toSorted());
      expect(removed(wisps.toReversed(), references.toReversed())).toEqual(expected.toSorted());
    }),
  );
});
