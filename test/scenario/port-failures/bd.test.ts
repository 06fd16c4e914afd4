import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bd } from '../../../src/cli/bd-program.ts';
import { makeSample, requiredWords, tryCommand } from './harness.ts';
import type { Sample, Subject } from './harness.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await makeSample();
});
afterAll(() => sample.dispose());

/** Completions print nothing whatever happens, and a person's editor and another program's mail are not ours to end. */
const LEFT_OUT = /^(?:__complete|completion|edit|mail)\b/;

const TRIED = bd.commands.filter(
  ({ path, load, hidden, passThrough }) =>
    load !== undefined && hidden !== true && passThrough !== true && !LEFT_OUT.test(path),
);

function wordsFor(path: string, { home, bead, epic }: Sample): readonly string[] | undefined {
  switch (path) {
    case 'create':
    case 'q':
      return ['A new one', '--rig', 'demo'];
    case 'search':
      return ['work'];
    case 'query':
      return ['status=open'];
    case 'sql':
      return ['SELECT 1'];
    case 'show':
    case 'graph':
      return [bead];
    case 'update':
      return [bead, '--priority', '1'];
    case 'close':
      return [bead, '--force'];
    case 'delete':
      return [epic, '--force'];
    case 'dep add':
    case 'link':
      return [epic, bead];
    case 'batch':
      return ['--dry-run'];
    case 'cook':
    case 'formula show':
    case 'mol seed':
      return ['mol-boot-triage'];
    case 'mol pour':
    case 'mol wisp':
      return ['mol-boot-triage', '--dry-run'];
    case 'export':
      return ['-o', join(home, 'out.jsonl')];
    case 'swarm create':
    case 'swarm validate':
    case 'swarm status':
    case 'promote':
      return [epic];
    default:
      return undefined;
  }
}

const BD: Subject = {
  program: bd,
  wordsOf: (spec, made) =>
    wordsFor(spec.path, made) ??
    requiredWords(spec, {
      bead: made.bead,
      id: made.bead,
      molecule: made.epic,
      first: made.bead,
      second: made.epic,
      other: made.epic,
      'depends-on': made.epic,
      of: made.epic,
      with: made.epic,
      blocks: made.bead,
      'ids-and-label': made.bead,
      priority: '1',
      status: 'open',
      key: 'kind',
      value: 'one',
    }),
  reads:
    /(?:^| )(?:list|show|ready|blocked|search|children|count|stats|query|stale|graph|check|lint|duplicates|tree|cycles|info|where|context|doctor|sql|memories|recall|get|status|validate|progress|current|types|statuses|state|comments|history|last-activity)$/,
  errorsOf: ({ json }, { stderr }) =>
    json === true ? documentsOf(stderr) : stderr.split('\n').filter((line) => line.startsWith('Error: ')),
};

/** With --json an error is one document, or the plain line that bd has there. */
function documentsOf(stderr: string): readonly string[] {
  const text = stderr.trim();
  if (!text.startsWith('{')) return text.split('\n');
  JSON.parse(text);
  return [text];
}

describe.concurrent('P14: a port that fails once', () => {
  test.each(TRIED.map((spec) => [spec.path, spec] as const))('under bd %s', async (_path, spec) => {
    expect(await tryCommand(BD, sample, spec)).toEqual([]);
  });
});
