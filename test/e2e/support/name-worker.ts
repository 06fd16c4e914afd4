/** Another gt process that takes polecat names of a rig, one after the other, and prints each. */
import { createAppContext } from '../../../src/context.ts';
import { addIdentity } from '../../../src/polecat/identity/add.ts';
import { rigNamed } from '../../../src/rig/registry.ts';
import { SILENT } from '../../support/silent-streams.ts';

interface Order {
  readonly town: string;
  readonly env: Readonly<Record<string, string>>;
  readonly names: number;
}

const { town, env, names } = JSON.parse(process.argv[2] ?? '') as Order;
const { app, close } = createAppContext({ env, cwd: town, streams: SILENT });
const ctx = await app.townAt(town);
const rig = await rigNamed(ctx, 'proj');
for (let taken = 0; taken < names; taken += 1) {
  const { address } = await addIdentity(ctx, rig, undefined);
  process.stdout.write(`${JSON.stringify('name' in address ? address.name : '')}\n`);
}
await close();
