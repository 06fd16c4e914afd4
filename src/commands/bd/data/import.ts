import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { importBeads, type ImportResult } from '../../../beads/jsonl/import.ts';
import { parseJsonl } from '../../../beads/jsonl/parse.ts';
import type { ConflictRule } from '../../../beads/jsonl/plan.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError, UsageError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { readRoutes } from '../../../town/routes.ts';
import { readActor } from '../author.ts';
import { openBeads, type BdHome } from '../open.ts';
import { refuseReadOnly } from '../write.ts';

export const schema = z.object({
  source: z.string(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  skipped: z.number(),
  memories: z.number(),
  ids: z.array(z.string()),
  conflicts: z.array(
    z.object({ id: z.string(), fields: z.array(z.string()), winner: z.enum(['file', 'ledger']) }),
  ),
  skipped_dependencies: z.array(z.string()),
  scripts_dropped: z.array(z.string()),
  dry_run: z.boolean(),
});

const RULES: readonly ConflictRule[] = ['newer', 'file', 'ledger'];

/** Takes the issues of a JSONL file into the database. Throws what `parseJsonl` and `importBeads` throw. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const dryRun = input.bool('dry-run');
  if (!dryRun) refuseReadOnly(input);
  const beads = await openBeads(app, input);
  const { source, content } = await readSource(app, input, beads);
  const file = parseJsonl(content, beads.home.prefix);
  const result = await importBeads({
    database: await beads.store.open(beads.home.database),
    prefix: beads.home.prefix,
    routes: await routesOf(beads),
    actor: await readActor(app, input, beads),
    clock: app.machine.clock,
    random: app.machine.random,
    file,
    rule: RULES.find((rule) => rule === input.flag('on-conflict')) ?? 'newer',
    dryRun,
  });
  const changed = result.created.length + result.updated.length + result.memories > 0;
  if (changed && !dryRun) {
    const message = `bd: import ${result.created.length + result.updated.length} issues`;
    await beads.store.commitVersion(beads.home.database, message, { withSettings: result.memories > 0 });
  }
  return reply({ source, result, dryRun, scriptsDropped: file.scriptsDropped });
}

async function routesOf({ town }: BdHome) {
  return town === undefined ? [] : readRoutes(town.ports.files, town.paths);
}

async function readSource(app: AppContext, input: CommandInput, { dir }: BdHome) {
  const named = input.flag('input') ?? input.arg('file');
  if (input.flag('input') !== undefined && input.arg('file') !== '') {
    throw new UsageError({
      code: 'import.two-files',
      message: 'name the file once: as argument or with --input',
    });
  }
  if (named === '-') return { source: 'stdin', content: await app.stdin() };
  const source = named === '' ? resolve(dir ?? app.cwd, 'issues.jsonl') : resolve(app.cwd, named);
  const content = await app.machine.files.readText(source);
  if (content !== undefined) return { source, content };
  throw new NotFoundError({
    code: 'import.no-file',
    message: `there is no file ${source}`,
    hint: 'Run: bd import <file>   (- = standard input)',
  });
}

interface Report {
  readonly source: string;
  readonly result: ImportResult;
  readonly dryRun: boolean;
  readonly scriptsDropped: readonly string[];
}

function reply({ source, result, dryRun, scriptsDropped }: Report): CommandReply {
  const { created, updated, unchanged, memories, conflicts, skippedDependencies } = result;
  const kept = conflicts.filter(({ winner }) => winner === 'ledger').length;
  const parts = [
    `${created.length} new`,
    `${updated.length} changed`,
    `${unchanged} as they were`,
    ...(kept === 0 ? [] : [`${kept} kept as the ledger has them`]),
    ...(memories === 0 ? [] : [`${memories} memories`]),
  ];
  return {
    data: {
      source,
      created: created.length,
      updated: updated.length,
      unchanged,
      skipped: kept,
      memories,
      ids: [...created, ...updated],
      conflicts,
      skipped_dependencies: skippedDependencies,
      scripts_dropped: scriptsDropped,
      dry_run: dryRun,
    },
    text: [
      `${dryRun ? 'Would import' : 'Imported'} from ${oneLine(source, 200)}: ${parts.join(', ')}`,
      ...conflicts.map(
        ({ id, fields, winner }) =>
          `  ${id}: ${fields.join(', ')} ${fields.length === 1 ? 'differs' : 'differ'}, the ${winner} wins`,
      ),
    ].join('\n'),
    warnings: [
      ...skippedDependencies.map((edge) => `Dependency left out: ${oneLine(edge, 200)}`),
      ...(scriptsDropped.length === 0
        ? []
        : [`metadata.script left out (only people set commands): ${scriptsDropped.join(', ')}`]),
    ],
  };
}
