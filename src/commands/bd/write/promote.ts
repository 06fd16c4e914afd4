import { issueJson } from '../../../beads/write/issue-json.ts';
import { RefusedError } from '../../../core/errors.ts';
import { onBead, saidOf } from '../on-bead.ts';

export { issueSchema as schema } from '../schema.ts';

/** Makes a wisp a lasting issue; its id stays. */
export const run = onBead('bead', async ({ bead, input, write }) => {
  if (bead.table === 'issues') {
    throw new RefusedError({
      code: 'beads.not-a-wisp',
      message: `${bead.id} is not a wisp (already persistent)`,
    });
  }
  const reason = input.flag('reason') ?? '';
  const issue = await write(`promote ${bead.id}`, async (tx) => {
    const moved = await tx.move(bead.id, 'issue');
    await tx.comment(bead.id, `Promoted from wisp to permanent bead${reason === '' ? '' : `: ${reason}`}`);
    return moved;
  });
  return { data: issueJson(issue), text: saidOf('Promoted', issue) };
});
