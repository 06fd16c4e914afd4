/** Attaches this terminal to a session: `attach-client.ts <town root> <session>`. For tests that play a person. */
import { createClock } from '../../src/adapters/clock.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { createIpc } from '../../src/adapters/ipc.ts';
import { createPanes } from '../../src/adapters/panes.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import type { SessionName } from '../../src/core/names.ts';
import { panePaths, townPaths } from '../../src/town/layout.ts';

const [root = '', session = ''] = process.argv.slice(2);
const paths = townPaths(root);
const panes = createPanes({
  folder: paths.panesDir,
  filesOf: (name) => panePaths(paths, name),
  hostArgv: [process.execPath],
  hostWords: [],
  files: createFiles(),
  ipc: createIpc(),
  processes: createProcesses(),
  clock: createClock(),
});
const end = await panes.attach(session as SessionName).catch((error: unknown) => String(error));
process.stdout.write(`END ${end}\n`);
