import { runPaneHostCommand } from './run-pane-host.ts';

/** Entry of the bundled pane host: `pane-host.cjs <session> <town root>`; from sources bin/pane-host.mjs starts it. */
async function main(): Promise<void> {
  process.exit(await runPaneHostCommand(process.argv.slice(2), process.env));
}

void main();
