import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import { canonicalType } from '../../../beads/words/kinds.ts';
import { missingSections } from '../../../beads/words/sections.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { knownStatuses, knownTypes } from '../known-words.ts';
import { openBeads, type BdHome } from '../open.ts';

const result = z.object({
  id: z.string(),
  title: z.string(),
  type: z.string(),
  missing: z.array(z.string()),
  warnings: z.number(),
});
export const schema = z.object({ total: z.number(), issues: z.number(), results: z.array(result) });

/** Beads that lack sections their type should have. Exit 1 when people are told of any. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await beadsToLint(await openBeads(app, input), input);
  const found = beads
    .map((bead) => ({ bead, missing: missingSections(bead) }))
    .filter(({ missing }) => missing.length > 0);
  const total = found.reduce((sum, { missing }) => sum + missing.length, 0);
  const paint = app.output.style;
  const lines = found.flatMap(({ bead, missing }) => [
    beadLine(bead, app.output),
    ...missing.map((heading) => `  ${paint.yellow('!')} lacks ${heading}`),
  ]);
  return {
    data: {
      total,
      issues: found.length,
      results: found.map(({ bead, missing }) => ({
        id: bead.id,
        title: bead.title,
        type: bead.type,
        missing: [...missing],
        warnings: missing.length,
      })),
    },
    text:
      total === 0
        ? `${counted(beads.length, 'bead')} checked, nothing is missing.`
        : [
            ...lines,
            '',
            `${counted(total, 'section')} missing in ${found.length} of ${counted(beads.length, 'bead')}`,
          ].join('\n'),
    exitCode: total === 0 || input.json ? 0 : 1,
  };
}

async function beadsToLint({ ledgers, home }: BdHome, input: CommandInput): Promise<readonly Bead[]> {
  const ids = input.args('bead');
  if (ids.length > 0) return Promise.all(ids.map(async (id) => (await locateBead(ledgers, home, id)).bead));
  const status = input.flag('status') ?? 'open';
  const type = input.flag('type');
  return home.list({
    tables: ['issues'],
    ...(status === 'all' ? {} : { status: await knownStatuses(home, [status]) }),
    ...(type === undefined ? {} : { type: await knownTypes(home, [canonicalType(type)]) }),
  });
}
