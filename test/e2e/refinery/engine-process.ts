import { z } from 'zod/mini';
import { openRealTown } from './real-machine.ts';

/** One pass of the merge engine in a process of its own; prints its report. */
const input = z.object({ home: z.string() }).parse(JSON.parse(process.argv[2] ?? ''));
const town = await openRealTown(input.home);
const report = await town.tick();
await town.store.close();
process.stdout.write(`${JSON.stringify(report)}\n`);
