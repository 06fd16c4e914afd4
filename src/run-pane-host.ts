import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastScreenFile } from './adapters/panes/files.ts';
import { messageOf } from './core/errors.ts';
import type { SessionName } from './core/names.ts';
import type { NudgeSource } from './pane-host/courier.ts';
import { runPaneHost } from './pane-host/host.ts';
import { panePaths, townPaths } from './town/layout.ts';
import type { TownPaths } from './town/layout.ts';

const SESSION = /^[A-Za-z0-9_-]+$/;
/** EX_SOFTWARE: the host itself failed, not its agent. */
const HOST_FAILED = 70;

/**
 * Puts a host together for `<session> <town root>` (root absent: GT_TOWN_ROOT) and runs it to its end. Returns the
 * code to exit with: the agent's own.
 */
export async function runPaneHostCommand(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [session = '', root = env['GT_TOWN_ROOT'] ?? ''] = words;
  if (!SESSION.test(session) || root === '') {
    process.stderr.write('Error: a pane host needs a session and a town\n\nRun: gt session list\n');
    return 1;
  }
  const paths = townPaths(root);
  const files = panePaths(paths, session as SessionName);
  try {
    return await runPaneHost({
      session: session as SessionName,
      files,
      lastScreen: lastScreenFile(files.state),
      recordings: paths.recordingsDir,
      daemonSocket: paths.daemonSocket,
      runtimeDir: env['XDG_RUNTIME_DIR'],
      nudges: nudgesOf(paths, session as SessionName),
    });
  } catch (error) {
    process.stderr.write(`Error: pane host of ${session}: ${messageOf(error)}\r\n`);
    return HOST_FAILED;
  }
}

/** The queue's code and its parser are loaded only when something waits. */
function nudgesOf(paths: TownPaths, session: SessionName): NudgeSource {
  const folder = join(paths.nudgeDir, session);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    claim: async () => {
      const [{ createFiles }, { createClock }, { createRandom }, queue] = await Promise.all([
        import('./adapters/files.ts'),
        import('./adapters/clock.ts'),
        import('./adapters/random.ts'),
        import('./sessions/nudge-queue.ts'),
      ]);
      const ports = { files: createFiles(), clock: createClock(), random: createRandom() };
      return queue.claimForTyping({ paths, ports }, session);
    },
  };
}
