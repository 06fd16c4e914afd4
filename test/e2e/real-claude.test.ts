import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandinModel } from '../agent/standin-model.ts';
import type { StandinModel } from '../agent/standin-model.ts';
import { installProject } from './support/project.ts';
import { CLAUDE, isMissing, useClaude } from './support/real-agents.ts';
import { git } from './support/repository.ts';
import { recallSession } from './support/seance.ts';
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
    'a slung bead reaches it in the first prompt, its done lands, and it can be asked when it is gone',
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
          answers: { 'what did you change': 'I wrote the greeting.' },
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

      const command = 'git commit -q -m';
      const past = await recallSession(home, { bead: id, runtime: 'claude', command, seconds: 60 });
      const [transcript = ''] = past.transcript;
      const before = readFileSync(transcript, 'utf8');
      expect(await home.gt('seance', '--talk', past.id.slice(0, 12), '-p', 'what did you change?')).toBe(
        'I wrote the greeting.',
      );
      expect(model.requests.at(-1), 'it was asked in its own conversation').toContain(command);
      expect(readFileSync(transcript, 'utf8'), 'in a copy of it').toBe(before);
    },
  );

  test.skipIf(isMissing(CLAUDE))(
    'P26: its tools are stopped where they reach past its work, and git where they are not asked',
    async () => {
      const { id } = (await home.bdJson('create', 'Greet the world', '--rig', 'proj')) as { id: string };
      const outside = join(home.town, 'outside.txt');
      const worktree = join(home.town, 'proj/polecats/furiosa/proj');
      const script = join(home.home, 'tmp/push.sh');
      const write = (file: string) => ({
        tool: 'Write',
        input: { file_path: file, content: 'hello world\n' },
      });
      model = await startStandinModel([
        {
          marker: id,
          commands: [
            'git push origin HEAD:main',
            "bash -c 'sudo touch /tmp/never'",
            write(outside),
            write(join(worktree, 'greeting.txt')),
            'git add -A && git commit -q -m "Greet the world"; echo "commit ended with $?"',
            // A script is not looked into; git asks its own hook.
            `echo 'git push origin HEAD:main' > ${script}; sh ${script}; echo "push ended with $?"`,
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
      const heard = model.requests.at(-1) ?? '';
      for (const said of [
        "'main' is not yours to push: the refinery lands your work after gt done",
        'agents do not act as another user',
        'write in your own worktree',
        'commit ended with 0',
        'push ended with 1',
      ])
        expect(heard.includes(said), said).toBe(true);
      expect(existsSync(outside)).toBe(false);
      expect(git(origin, 'show', 'main:greeting.txt')).toBe('hello world');
      expect(git(origin, 'log', '--format=%s%n%b', 'main')).toContain('Gt-MR:');
    },
  );

  test.skipIf(isMissing(CLAUDE))(
    'P3: as the judge of a rig it is started for the first change, says what it found, and is asked once about each',
    async () => {
      const ids = `gt mq reviews proj --pending --json | grep -o '"id": "[^"]*"' | cut -d'"' -f4`;
      const judge = `for id in $(${ids}); do gt mq review $id --score 0.3 --verdict request_changes -m "No test shows it"; done`;
      model = await startStandinModel([
        { marker: 'to look at', commands: ['gt mq reviews proj --pending', judge] },
      ]);
      useClaude(home, model.url);
      await home.gt('rig', 'settings', 'set', 'proj', 'merge_queue.judgment_enabled', 'true');
      await home.gt('up');
      expect(model.requests).toEqual([]);
      const { id } = (await home.bdJson('create', 'One line', '--rig', 'proj')) as { id: string };
      await home.gt('sling', id, 'proj', '--script', 'echo one > one.txt');
      const [review] = await home.until('the change is judged', async () => {
        const { reviews } = (await home.gtJson('mq', 'reviews', 'proj')) as { reviews: unknown[] };
        return reviews.length > 0 ? reviews : undefined;
      });
      expect(review).toMatchObject({ score: 0.3, verdict: 'request_changes', by: 'proj/refinery' });
      await home.until(`${id} lands, whatever was found`, async () => {
        const row = ((await home.bdJson('show', id)) as { status: string }[])[0];
        return row?.status === 'closed' ? true : undefined;
      });
      expect(await home.gt('mq', 'explain', id)).toContain('No test shows it');
      expect(git(origin, 'show', 'main:one.txt')).toBe('one');
    },
  );
});
