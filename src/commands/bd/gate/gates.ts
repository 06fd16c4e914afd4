import * as z from 'zod/mini';
import { listGates, asGate, createGate, addWaiter } from '../../../beads/gates/gates.ts';
import { GATE_TYPES } from '../../../beads/gates/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import { gateLine, renderGate } from '../../../ui/text/gates.ts';
import { readOwner } from '../author.ts';
import { onLedger, onBead } from '../handlers.ts';
import { issuesSchema, issueSchema } from '../schema.ts';

export const list: CommandModule = {
  schema: issuesSchema,
  run: onLedger(async ({ input, home }) => {
    const gates = await listGates(home, { all: input.bool('all'), limit: input.number('limit') ?? 0 });
    const held = await home.edgesTo(gates.map((gate) => gate.id));
    const lines = gates.map((gate) =>
      gateLine(
        gate,
        held.filter((edge) => edge.to === gate.id && edge.type === 'blocks').map((edge) => edge.from),
      ),
    );
    return {
      data: gates.map(issueJson),
      text:
        gates.length === 0 ? 'No gates' : [...lines, '', 'Open one by hand: bd gate resolve <id>'].join('\n'),
    };
  }),
};

export const show: CommandModule = {
  schema: issueSchema,
  run: onBead('gate', async ({ bead, ledger }) => {
    const gate = asGate(bead);
    const held = (await ledger.edgesTo([gate.id])).filter((edge) => edge.type === 'blocks');
    return {
      data: issueJson(gate),
      text: renderGate(
        gate,
        held.map((edge) => edge.from),
      ),
    };
  }),
};

/** Makes a gate in the database of the bead that it holds back. */
export const create: CommandModule = {
  schema: issueSchema,
  run: onLedger(async ({ app, input, locate, writer }) => {
    const { ledger, bead } = await locate(input.flag('blocks') ?? '');
    const write = await writer();
    const owner = await readOwner(app);
    const gate = await write(ledger, `create gate blocking ${bead.id}`, (tx) =>
      createGate(tx, {
        blocks: bead,
        type: GATE_TYPES.find((type) => type === input.flag('type')) ?? 'human',
        awaitId: input.flag('await-id') ?? '',
        timeoutMs: input.duration('timeout') ?? 0,
        reason: input.flag('reason') ?? '',
        owner,
      }),
    );
    return {
      data: issueJson(gate),
      text: `Created ${gateLine(gate, [bead.id])}\nOpen it by hand: bd gate resolve ${gate.id}`,
    };
  }),
};

/** A person's word counts more than what the gate waits for. */
export const resolve: CommandModule = {
  schema: issueSchema,
  run: onBead('gate', async ({ bead, input, write }) => {
    const gate = asGate(bead);
    const reason = input.flag('reason') ?? '';
    const closed = await write(`close ${gate.id}`, (tx) => tx.close(gate.id, { reason, force: true }));
    return { data: issueJson(closed), text: `Gate resolved: ${gate.id}` };
  }),
};

export const waiter: CommandModule = {
  schema: z.object({ id: z.string(), waiter: z.string(), added: z.boolean() }),
  run: onBead('gate', async ({ bead, input, write }) => {
    const name = input.arg('waiter').trim();
    const added = await write(`update ${bead.id}`, (tx) => addWaiter(tx, bead.id, name));
    return {
      data: { id: bead.id, waiter: name, added },
      text: `${oneLine(name)} ${added ? 'will be told' : 'is told already'} when ${bead.id} opens`,
    };
  }),
};
