// Starts a pane host from sources. Not TypeScript itself: Node would load its type stripper (25 MB) before the
// compile cache could answer, and this process stays for as long as its agent.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../.cache/node'));
const { runPaneHostCommand } = await import('../src/run-pane-host.ts');
process.exit(await runPaneHostCommand(process.argv.slice(2), process.env));
