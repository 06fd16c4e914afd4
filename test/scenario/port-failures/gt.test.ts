import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beforeCommand } from '../../../src/before-command.ts';
import { gt } from '../../../src/cli/registry.ts';
import { makeSample, requiredWords, tryCommand } from './harness.ts';
import type { Sample, Subject } from './harness.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await makeSample();
});
afterAll(() => sample.dispose());

/** Commands that go on until somebody ends them, belong to a terminal, start what outlives the test, or leave the town. */
const LEFT_OUT =
  /^(?:up|start|daemon (?:run|start)|feed|attach|peek|(?:mayor|deacon|witness|refinery|boot|crew|session|rig|dog) (?:start|spawn|restart|reboot|attach|at)|refinery process|boot triage|quickstart|install|uninstall|upgrade|store migrate|completion|__complete|cycle|town|mol (?:step )?await|help|shell|enable|disable)\b/;

const TRIED = gt.commands.filter(
  ({ path, load, hidden, passThrough }) =>
    load !== undefined && hidden !== true && passThrough !== true && !LEFT_OUT.test(path),
);

/** Words with which a command finds something; the others meet a clear refusal. */
function wordsFor(path: string, { home, bead, epic, mr }: Sample): readonly string[] | undefined {
  switch (path) {
    case 'config get':
    case 'config explain':
      return ['scheduler.batch_size'];
    case 'config agent get':
      return ['claude'];
    case 'formula show':
    case 'formula overlay show':
      return ['mol-boot-triage'];
    case 'mq status':
    case 'mq explain':
    case 'refinery claim':
      return [mr];
    case 'mq review':
      return [mr, '--score', '0.5', '--message', 'Looked at'];
    case 'mq retry':
    case 'mq reject':
    case 'mq post-merge':
      return ['demo', mr];
    case 'mq integration create':
    case 'mq integration status':
      return [epic];
    case 'polecat nuke':
      return ['demo/furiosa', '--force'];
    case 'polecat identity show':
      return ['demo', 'furiosa'];
    case 'prime':
      return ['--state'];
    case 'rig add':
      return ['two', join(home, 'origin.git')];
    case 'rig remove':
      return ['demo', '--force'];
    case 'crew remove':
      return ['ann', '--force'];
    case 'sling':
      return [bead, 'demo', '--dry-run', '--agent', 'script', '--script', 'true'];
    default:
      return undefined;
  }
}

const GT: Subject = {
  program: { ...gt, before: beforeCommand },
  wordsOf: (spec, made) =>
    wordsFor(spec.path, made) ??
    requiredWords(spec, {
      rig: 'demo',
      rigs: 'demo',
      agent: 'demo/crew/ann',
      polecat: 'demo/furiosa',
      polecats: 'demo/furiosa',
      name: 'ann',
      'old-name': 'ann',
      'new-name': 'bea',
      role: 'crew',
      bead: made.bead,
      beads: made.bead,
      issue: made.bead,
      id: made.bead,
      'issue-id': made.bead,
      'bead-id': made.bead,
    }),
  reads:
    /(?:^| )(?:list|show|status|get|explain|ready|cat|trail|whoami|role|detect|env|home|def|check|diff|scan|registry|schema|progress|dag|current|read|reviews|logs|next|blame|history|find|unmerged|orphans|stale|agents|menu)$/,
  errorsOf: (_spec, { stderr }) => stderr.split('\n').filter((line) => line.startsWith('Error: ')),
  // Their documents say of each part what became of it, also when one failed.
  reports: /^(?:crew pristine|down|shutdown|doctor)$/,
};

describe.concurrent('P14: a port that fails once', () => {
  test.each(TRIED.map((spec) => [spec.path, spec] as const))('under gt %s', async (_path, spec) => {
    expect(await tryCommand(GT, sample, spec)).toEqual([]);
  });
});
