import * as z from 'zod/mini';
import {
  createMergeSlot,
  mergeSlotId,
  readMergeSlot,
  acquireMergeSlot,
  releaseMergeSlot,
} from '../../../beads/forms/merge-slot.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

/* One at a time: who may merge now. */

export const create: CommandModule = {
  schema: z.object({ id: z.string(), status: z.string() }),
  run: onLedger(async ({ write }) => {
    const { id, status } = await write('create merge slot', createMergeSlot);
    return { data: { id, status }, text: `Merge slot: ${id}` };
  }),
};

/** A slot that is not there is an answer, not a failure. */
export const check: CommandModule = {
  schema: z.object({
    id: z.string(),
    available: z.boolean(),
    holder: z.optional(z.nullable(z.string())),
    waiters: z.optional(z.array(z.string())),
    error: z.optional(z.string()),
  }),
  run: onLedger(async ({ home }) => {
    const slot = await readMergeSlot(home);
    if (slot === undefined) {
      const id = mergeSlotId(home);
      return {
        data: { id, available: false, error: 'not found' },
        text: `There is no merge slot ${id}\nRun: bd merge-slot create`,
      };
    }
    const { id, holder, waiters } = slot;
    return {
      data: { id, available: holder === undefined, holder: holder ?? null, waiters },
      text: [
        holder === undefined ? `Merge slot ${id} is free` : `Merge slot ${id} is held by ${oneLine(holder)}`,
        ...waiters.map((name, index) => `  ${index + 1}. ${oneLine(name)} waits`),
      ].join('\n'),
    };
  }),
};

/** Exit 1 unless the slot is the caller's now. */
export const acquire: CommandModule = {
  schema: z.object({
    id: z.string(),
    acquired: z.boolean(),
    holder: z.string(),
    waiting: z.optional(z.boolean()),
    position: z.optional(z.number()),
  }),
  run: onLedger(async ({ input, actor, write }) => {
    const holder = input.flag('holder') ?? (await actor());
    const result = await write(`acquire merge slot for ${holder}`, (tx) =>
      acquireMergeSlot(tx, holder, { wait: input.bool('wait') }),
    );
    const { id } = result.slot;
    const held = { id, acquired: false, holder: result.slot.holder ?? '' };
    switch (result.kind) {
      case 'acquired':
        return {
          data: { id, acquired: true, holder },
          text: `Acquired merge slot ${id} for ${oneLine(holder)}`,
        };
      case 'held':
        return {
          data: held,
          text: `Slot held by ${oneLine(held.holder)}\nQueue up with: bd merge-slot acquire --wait`,
          exitCode: 1,
        };
      case 'waiting':
        return {
          data: { ...held, waiting: true, position: result.position },
          text: `Slot held by ${oneLine(held.holder)}; you wait at place ${result.position}`,
          exitCode: 1,
        };
    }
  }),
};

export const release: CommandModule = {
  schema: z.object({ id: z.string(), released: z.boolean(), holder: z.optional(z.string()) }),
  run: onLedger(async ({ input, actor, write }) => {
    const holder = input.flag('holder') ?? (await actor());
    const slot = await write('release merge slot', (tx) => releaseMergeSlot(tx, holder));
    const next = slot.holder === undefined ? {} : { holder: slot.holder };
    return {
      data: { id: slot.id, released: true, ...next },
      text: `Released merge slot ${slot.id}${slot.holder === undefined ? '' : `; ${oneLine(slot.holder)} has it now`}`,
    };
  }),
};
