import type { TownContext } from './beads/context.ts';

/**
 * Ends this process by SIGKILL at a named step: under GT_TEST=1, with GT_TEST_STOP=<step>:before|after (several
 * with commas). Anywhere else it does nothing.
 */
export function createFailpoint(
  env: Readonly<Record<string, string>>,
  stop: () => void = () => process.kill(process.pid, 'SIGKILL'),
): TownContext['failpoint'] {
  if (env['GT_TEST'] !== '1') return () => undefined;
  const stops = new Set((env['GT_TEST_STOP'] ?? '').split(',').map((stop) => stop.trim()));
  return (step, when) => {
    if (stops.has(`${step}:${when}`)) stop();
  };
}
