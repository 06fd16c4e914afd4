import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditQueue } from '../../scenario/refinery/audit.ts';
import type { Submitted } from '../../scenario/refinery/merge-town.ts';
import { makeRealTown } from './real-machine.ts';
import type { RealTown } from './real-machine.ts';

/** Changes outside that one pass over a history makes, about: the places to die at. */
const PLACES = 60;

/**
 * `count` histories on one real origin, each with an engine that is killed while it works and, mostly, another that is
 * killed while it recovers. After the third everything good has landed once, and everything bad has been sent back.
 */
export function testKilledEngines(part: number, count: number): void {
  let town: RealTown;
  let tools: string;
  beforeAll(async () => {
    town = await makeRealTown({ 'shared.txt': 'one\ntwo\nthree\n', 'doc.txt': DOC });
    tools = await bundleEngine();
  });
  afterAll(async () => {
    await town.close();
    rmSync(tools, { recursive: true, force: true });
  });

  it(
    `P8: ${count} histories with engines killed by SIGKILL, also while they recover (part ${part})`,
    async () => {
      let kills = 0;
      for (let number = 0; number < count; number += 1) {
        const history = await submitHistory(town, part * 1000 + number);
        const first = 1 + ((number * 7 + part * 3) % PLACES);
        const second = 1 + ((number * 11 + part * 5) % (PLACES / 2));
        for (const at of [first, second]) kills += runEngine(town, tools, at) === 'SIGKILL' ? 1 : 0;
        expect(runEngine(town, tools, undefined), `history ${number}`).toBe('ended');
        expect(
          await auditQueue(town, history.all),
          `history ${number}, killed at ${first}, ${second}`,
        ).toEqual([]);
        expect(await phasesOf(town, history.all), `history ${number}`).toEqual(history.phases);
      }
      expect(kills).toBeGreaterThanOrEqual(count);
      const messages = await town.origin.messages('main');
      expect(messages.filter((message) => message.startsWith('foreign'))).toHaveLength(Math.ceil(count / 5));
    },
    20 * 60_000,
  );
}

/** From sources an engine takes half a second to begin; from one file a tenth. */
async function bundleEngine(): Promise<string> {
  const tools = mkdtempSync(join(tmpdir(), 'gt-mq-engine-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'dying-engine.ts')],
    outfile: join(tools, 'engine.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await stop();
  return tools;
}

/** `SIGKILL`, `ended`, or what it complained of. */
function runEngine({ home }: RealTown, tools: string, at: number | undefined): string {
  const place = at === undefined ? [] : [String(at), at % 2 === 0 ? 'before' : 'after'];
  const argv = [join(tools, 'engine.mjs'), home, ...place];
  const { signal, status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  return signal ?? (status === 0 ? 'ended' : stderr);
}

const DOC = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');

/** Work of three people, of one kind or another; what must become of each is known beforehand. */
async function submitHistory(
  town: RealTown,
  number: number,
): Promise<{ readonly all: readonly Submitted[]; readonly phases: readonly string[] }> {
  const files = await town.origin.files('main');
  const name = (of: number): string => `w${number}x${of}`;
  const own = (of: number, text: string) => town.submit(name(of), { [`${name(of)}.txt`]: text });
  const good = await own(0, 'good\n');
  switch (number % 5) {
    case 0: {
      await town.origin.commit(
        'main',
        { [`foreign-${number}.txt`]: 'x\n' },
        { message: `foreign ${number}` },
      );
      return {
        all: [good, await own(1, 'BAD\n'), await own(2, 'good\n')],
        phases: ['done', 'evicted', 'done'],
      };
    }
    case 1: {
      const text = (files['shared.txt'] ?? '').split('\n');
      const line = (of: number) => ({ 'shared.txt': text.with(1, `two ${name(of)}`).join('\n') });
      const winner = await town.submit(name(1), line(1), { priority: 1 });
      return {
        all: [good, winner, await town.submit(name(2), line(2))],
        phases: ['done', 'done', 'blocked'],
      };
    }
    case 2: {
      const above = await town.submit(name(1), { [`${name(1)}.txt`]: 'on top\n' }, { from: good.head });
      return { all: [good, above, await own(2, 'BAD\n')], phases: ['done', 'done', 'evicted'] };
    }
    case 3: {
      const [path = '', text = ''] = Object.entries(files).find(([file]) => file.startsWith('doc')) ?? [];
      const moved = await town.submit(
        name(1),
        { [path]: null, [`doc-${number}.txt`]: text },
        { priority: 1 },
      );
      const edited = await town.submit(name(2), { [path]: text.replace(/^line 9.*$/m, `line 9 ${number}`) });
      return { all: [good, moved, edited], phases: ['done', 'done', 'done'] };
    }
    default: {
      const module = { lib: `Subproject commit ${good.head}\n` };
      const above = await town.submit(
        name(2),
        { [`${name(2)}.txt`]: 'on bad\n' },
        { from: (await own(1, 'BAD\n')).head },
      );
      return { all: [good, await town.submit(name(3), module), above], phases: ['done', 'done', 'deferred'] };
    }
  }
}

async function phasesOf(town: RealTown, all: readonly Submitted[]): Promise<readonly string[]> {
  return Promise.all(all.map(async ({ mr }) => (await town.mr(mr)).phase));
}
