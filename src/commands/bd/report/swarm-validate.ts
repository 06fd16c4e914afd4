import {
  analyseSwarm,
  readSwarmWork,
  type SwarmAnalysis,
  type SwarmWork,
} from '../../../beads/graphs/swarm.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { openBeads } from '../open.ts';
import { locateEpic } from './swarm-epic.ts';
import { analysisJson, nodesJson } from './swarm-json.ts';

export { analysisSchema as schema } from './swarm-json.ts';

/** Can the children of an epic be worked on side by side? Exit 1 when they cannot. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledger, bead } = await locateEpic(await openBeads(app, input), input);
  const work = await readSwarmWork(ledger, bead);
  const analysis = analyseSwarm(work);
  return {
    data: {
      ...analysisJson(work, analysis),
      ...(input.bool('verbose') ? { issues: nodesJson(work, analysis) } : {}),
    },
    text: () => analysisText(app, work, analysis),
    exitCode: analysis.errors.length === 0 ? 0 : 1,
  };
}

function analysisText({ output }: AppContext, work: SwarmWork, analysis: SwarmAnalysis): string {
  const paint = output.style;
  const beads = new Map(work.children.map((child) => [child.id as string, child]));
  const waves = analysis.waves.flatMap((ids, wave) => [
    '',
    paint.bold(`Wave ${wave + 1}`) + paint.dim(`  ${ids.length} side by side`),
    ...ids.flatMap((id) => {
      const bead = beads.get(id);
      return bead === undefined ? [] : [beadLine(bead, output, { before: '  ' })];
    }),
  ]);
  const verdict =
    analysis.errors.length > 0
      ? paint.red('Cannot be worked on: remove a dependency from each circle (bd dep remove)')
      : `${counted(work.children.length, 'bead')} in ${counted(analysis.waves.length, 'wave')}, at most ${analysis.maxParallelism} at the same time`;
  return [
    `${work.epic.id}  ${paint.bold(oneLine(work.epic.title, Infinity))}`,
    ...waves,
    '',
    ...analysis.warnings.map((line) => paint.yellow(`! ${oneLine(line, Infinity)}`)),
    ...analysis.errors.map((line) => paint.red(`✗ ${line}`)),
    verdict,
  ].join('\n');
}
