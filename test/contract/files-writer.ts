/** Rewrites a file without end, for the test that kills it. */
import { createFiles } from '../../src/adapters/files.ts';

const [file = ''] = process.argv.slice(2);
const files = createFiles();
const versions = ['a', 'b'].map((letter) => letter.repeat(200_000));
process.send?.('running');
for (let round = 0; ; round += 1) await files.writeAtomic(file, versions[round % 2] ?? '');
