import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { explainKey } from '../../rig/explain.ts';
import { renderExplanation } from '../../ui/text/explain-key.ts';

export const schema = z.strictObject({
  key: z.string(),
  kind: z.string(),
  rig: z.optional(z.string()),
  value: z.unknown(),
  problem: z.optional(z.string()),
  default: z.string(),
  expects: z.string(),
  summary: z.string(),
  read_by_gt: z.boolean(),
  places: z.array(
    z.strictObject({
      place: z.string(),
      line: z.optional(z.int()),
      value: z.unknown(),
      state: z.enum(['acts', 'overruled', 'blocks', 'silent']),
    }),
  ),
  set: z.string(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const asked = { name: input.arg('key'), rig: input.flag('rig') ?? '', cwd: app.cwd };
  const key = await explainKey(ctx, asked);
  const data = {
    key: key.key,
    kind: key.noun,
    ...(key.rig === undefined ? {} : { rig: key.rig }),
    value: key.value,
    ...(key.problem === undefined ? {} : { problem: key.problem }),
    default: key.fallback,
    expects: key.expects,
    summary: key.summary,
    read_by_gt: !key.inert,
    places: key.places.map(({ place, line, raw, state }) => ({
      place,
      ...(line === undefined ? {} : { line }),
      value: raw ?? null,
      state,
    })),
    set: key.set,
  };
  return { data, text: renderExplanation(key, { root: ctx.root, paint: app.output.style }) };
}
