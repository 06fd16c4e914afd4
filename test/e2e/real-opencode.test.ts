import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandinModel } from '../agent/standin-model.ts';
import type { StandinModel } from '../agent/standin-model.ts';
import { installProject } from './support/project.ts';
import { OPENCODE, isMissing, useOpencode } from './support/real-agents.ts';
import { git } from './support/repository.ts';
import { recallSession } from './support/seance.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** A quarter of a gigabyte of program starts and makes its first database. */
const SLOW_SECONDS = 200;

let home: TestHome;
let origin: string;
let model: StandinModel | undefined;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home);
});

afterEach(async () => {
  await home.dispose();
  await model?.close();
});

/** Newest request that holds the text; the model is asked with the whole conversation each time. */
const asked = (text: string): string => model?.requests.findLast((request) => request.includes(text)) ?? '';

describe('opencode against a scripted model', () => {
  test.skipIf(isMissing(OPENCODE))(
    'P28: gets its context through our plugin, is guarded, hears a nudge, lands, and can be asked afterwards',
    async () => {
      const { id } = (await home.bdJson('create', 'Greet the world', '--rig', 'proj')) as { id: string };
      const go = join(home.home, 'go');
      model = await startStandinModel([
        {
          marker: id,
          commands: [
            'git checkout -b elsewhere',
            'echo "hello world" > greeting.txt && git add -A && git commit -q -m "Greet the world"',
            `while [ ! -e ${go} ]; do sleep 0.1; done; echo waited`,
          ],
          // The nudge and the reminder at the end of the turn come in either order.
          answers: {
            'what did you change': 'I wrote the greeting.',
            'mind the comma': ['gt done'],
            'run gt done': ['gt done'],
          },
        },
      ]);
      useOpencode(home, model.url);
      await home.gt('up');
      await home.gt('sling', id, 'proj', '--agent', 'opencode');
      const bare = join(home.town, 'proj/.repo.git');
      const committed = async (): Promise<true | undefined> =>
        git(bare, 'log', '--all', '--format=%s').includes('Greet the world') ? true : undefined;
      await home.until('its commit', committed, SLOW_SECONDS);
      const [worker] = (await home.gtJson('polecat', 'list')) as { name: string }[];
      await home.gt('nudge', `proj/polecats/${worker?.name}`, 'mind the comma', '--mode', 'queue');
      writeFileSync(go, '');
      await home.until(
        `${id} lands`,
        async () => {
          const row = ((await home.bdJson('show', id)) as { status: string }[])[0];
          return row?.status === 'closed' ? true : undefined;
        },
        SLOW_SECONDS,
      );
      expect(git(origin, 'show', 'main:greeting.txt')).toBe('hello world');
      expect(git(origin, 'branch', '--list', 'elsewhere')).toBe('');
      expect(asked('system'), 'the plugin ran gt prime').toContain(`proj/polecats/${worker?.name}`);
      expect(asked('stay on the branch you were given'), 'the guard gave its reason').not.toBe('');
      expect(asked('mind the comma'), 'a nudge came at the end of the turn').not.toBe('');
      expect(git(join(home.town, `proj/polecats/${worker?.name}/proj`), 'status', '--porcelain')).toBe('');

      const command = 'git commit -q -m';
      const expected = { bead: id, runtime: 'opencode', command, seconds: SLOW_SECONDS };
      const past = await recallSession(home, expected);
      expect(await home.gt('seance', '--talk', past.id, '-p', 'what did you change?')).toBe(
        'I wrote the greeting.',
      );
      expect(asked('what did you change'), 'it was asked in its own conversation').toContain(command);
    },
    2 * SLOW_SECONDS * 1000,
  );
});
