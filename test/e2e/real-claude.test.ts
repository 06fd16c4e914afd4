import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandinModel } from '../agent/standin-model.ts';
import type { StandinModel } from '../agent/standin-model.ts';
import { installProject } from './support/project.ts';
import { CLAUDE, isMissing, useClaude } from './support/real-agents.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

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

describe('Claude Code against a scripted model', () => {
  test.skipIf(isMissing(CLAUDE))(
    'a slung bead reaches it in the first prompt, its done lands, no dialog is ever met',
    async () => {
      const { id } = (await home.bdJson('create', 'Greet the world', '--rig', 'proj')) as { id: string };
      model = await startStandinModel([
        {
          marker: id,
          commands: [
            'gt hook',
            'echo "hello world" > greeting.txt && git add -A && git commit -q -m "Greet the world"',
            'gt done',
          ],
        },
      ]);
      useClaude(home, model.url);
      await home.gt('up');
      await home.gt('sling', id, 'proj', '--agent', 'claude');
      await home.until(`${id} lands`, async () => {
        const row = ((await home.bdJson('show', id)) as { status: string }[])[0];
        return row?.status === 'closed' ? true : undefined;
      });
      expect(git(origin, 'show', 'main:greeting.txt')).toBe('hello world');
      expect(model.requests[0], 'P3: the first prompt holds the bead id').toContain(id);
      expect(model.requests.join('\n'), 'the hook ran gt prime').toContain('gt done');
    },
  );
});
