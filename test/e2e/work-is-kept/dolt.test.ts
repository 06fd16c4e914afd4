import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { describeWithDolt, freePort } from '../../support/dolt.ts';
import { installProject } from '../support/project.ts';
import { createBareRepository } from '../support/repository.ts';
import { createTestHome } from '../support/town.ts';
import type { TestHome } from '../support/town.ts';
import { HOARDS, SUBMODULE } from './hoards.ts';
import { expectBack, expectSame, hireWorkers, say } from './workers.ts';

/* A few commands of the table once more with the ledger on a real Dolt server: its transactions are other ones. */
const SOME = HOARDS.filter((_, index) => index % 3 === 0);

describeWithDolt('P2: work is kept on Dolt', () => {
  let home: TestHome;
  beforeEach(async () => {
    home = createTestHome();
    const library = createBareRepository(join(home.home, 'lib.git'), { files: { 'lib.md': 'library\n' } });
    const store = ['--store', 'dolt', '--dolt-port', String(await freePort())];
    await installProject(home, { submodules: { [SUBMODULE]: library } }, store);
    await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
  });
  afterEach(() => home.dispose());

  test(
    'when the town goes down and up, and by unsling --force and nuke --force',
    { timeout: 240_000 },
    async () => {
      const workers = await hireWorkers(home, SOME);
      await home.gt('up');
      for (const worker of workers) expectSame(worker.worktree, worker, 'down and up');
      const [taken, ...others] = workers;
      if (taken === undefined) throw new Error('no worker');
      await expectBack(home, await say(home, 0, ['unsling', taken.bead, '--force']), taken);
      const names = others.map(({ name }) => `proj/${name}`);
      const said = await say(home, 0, ['polecat', 'nuke', ...names, '--force']);
      for (const worker of others) await expectBack(home, said, worker);
    },
  );
});
