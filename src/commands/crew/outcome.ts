import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { CrewOutcome } from '../../crew/start.ts';

/** One line per workspace; a single failure is the command's own error. */
export function outcomeReply(app: AppContext, outcomes: readonly CrewOutcome[]): CommandReply {
  const [first] = outcomes;
  if (outcomes.length === 1 && first?.kind === 'failed') throw first.error;
  const { green, red } = app.output.style;
  const lines = outcomes.flatMap((outcome) => {
    const name = `${outcome.place.rig.name}/crew/${outcome.place.name}`;
    if (outcome.kind === 'running') return [`  ${name} runs already`];
    if (outcome.kind === 'failed') return [];
    return [
      `${green('✓')} ${name} started${outcome.made ? ', in a new workspace' : ''}${talk(outcome.resumed)}`,
    ];
  });
  const failed = outcomes.flatMap((outcome) =>
    outcome.kind === 'failed' ? [`${red('✖')} ${outcome.place.name}: ${outcome.error.message}`] : [],
  );
  const warnings = outcomes.flatMap((outcome) => (outcome.kind === 'started' ? outcome.warnings : []));
  return {
    text: outcomes.length === 0 ? 'There is no crew. Make one: gt crew add <name>' : lines.join('\n'),
    warnings: [...warnings, ...failed],
    exitCode: failed.length === 0 ? 0 : 1,
  };
}

function talk(resumed: boolean | undefined): string {
  if (resumed === undefined) return '';
  return resumed
    ? '; it goes on in its conversation'
    : '; it begins anew, it had no conversation to go on with';
}
