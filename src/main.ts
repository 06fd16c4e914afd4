import { beforeCommand } from './before-command.ts';
import { gt } from './cli/registry.ts';
import { runMain } from './run-main.ts';

/* Entry of `gt`. No top-level await: the bundle is CommonJS. */
void runMain({ ...gt, before: beforeCommand });
