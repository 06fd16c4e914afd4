import type { AnyTown, Worker } from './town.ts';

/** A worker that has begun and committed one file. */
export async function workerWithCommit(
  town: AnyTown,
  title = 'Add a page',
): Promise<{ readonly bead: string; readonly worker: Worker }> {
  const { id } = await town.create({ title });
  const worker = await town.dispatch(id);
  await worker.begin();
  await worker.write('page.md', '# Page\n');
  worker.commit();
  return { bead: id, worker };
}
