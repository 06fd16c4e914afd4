import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes begin first: one that begins last would leave the other workers idle at the end. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [slow, quick] = [true, false].map((isSlow) =>
      files.filter(
        ({ moduleId }) => /\/test\/(?:e2e|contract|interop|scenario\/refinery)\//.test(moduleId) === isSlow,
      ),
    );
    return [...(await super.sort(slow ?? [])), ...(await super.sort(quick ?? []))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes, tmux servers and databases: a slow machine must not turn a right answer into a red test.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Half of a file with real processes is waiting for them: one worker a core leaves cores idle.
    maxWorkers: Math.ceil(availableParallelism() * 1.5) + 1,
    globalSetup: ['test/global-setup.ts'],
    sequence: { sequencer: SlowFirst },
    env: { GT_TEST: '1', NO_COLOR: '1' },
  },
});
