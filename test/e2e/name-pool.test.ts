import { afterEach, beforeEach, expect, test } from 'vitest';
import { NAME_THEMES } from '../../src/polecat/name-themes.ts';
import { runWorkers } from '../support/workers.ts';
import { installProject } from './support/project.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

let home: TestHome;
beforeEach(async () => {
  home = createTestHome();
  await installProject(home);
});
afterEach(() => home.dispose());

const PROCESSES = 20;
const NAMES_EACH = 3;

test('P15: twenty processes at once never give a name twice: the theme in full, then numbers without a gap', async () => {
  const order = { town: home.town, env: home.env, names: NAMES_EACH };
  const script = new URL('./support/name-worker.ts', import.meta.url);
  const given = (await runWorkers(script, PROCESSES, () => order)).flat().map(String);
  const theme = NAME_THEMES['mad-max'] ?? [];
  const numbers = Array.from({ length: PROCESSES * NAMES_EACH - theme.length }, (_, at) =>
    String(theme.length + 1 + at),
  );
  expect(given.toSorted()).toEqual([...theme, ...numbers].toSorted());
  const rows = (await home.gtJson('polecat', 'identity', 'list', 'proj')) as readonly {
    readonly name: string;
  }[];
  expect(rows.map(({ name }) => name).toSorted()).toEqual(given.toSorted());
});
