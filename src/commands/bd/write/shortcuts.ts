import { issueJson } from '../../../beads/write/issue-json.ts';
import { parsePriority } from '../../../beads/words/kinds.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandReply } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { onBead, saidOf, type OnBead } from '../handlers.ts';
import { issueSchema } from '../schema.ts';
import { readTextFile } from '../texts.ts';

/* What `bd update` does with a flag, in fewer words. */

export const note = shortcut(async (on) => {
  const text = await readNote(on);
  const bead = await on.write(`update ${on.bead.id}`, async (tx) => {
    const { notes } = await tx.find(on.bead.id);
    return tx.update(on.bead.id, { notes: [notes, text].filter(Boolean).join('\n') });
  });
  return reply(bead, 'Noted on');
});

export const assign = shortcut(async ({ bead, input, write }) => {
  const assignee = input.arg('name');
  const changed = await write(`update ${bead.id}`, (tx) => tx.update(bead.id, { assignee }));
  return reply(changed, assignee === '' ? 'Unassigned' : `Assigned to ${oneLine(assignee)}:`);
});

export const priority = shortcut(async ({ bead, input, write }) => {
  const wanted = parsePriority(input.arg('priority'));
  const changed = await write(`update ${bead.id}`, (tx) => tx.update(bead.id, { priority: wanted }));
  return reply(changed, `Priority ${wanted}:`);
});

export const tag = shortcut(async ({ bead, input, write }) => {
  const label = input.arg('label');
  const changed = await write(`label ${bead.id}`, async (tx) => {
    await tx.addLabel(bead.id, label);
    return tx.find(bead.id);
  });
  return reply(changed, `Label ${oneLine(label)} added:`);
});

function shortcut(handle: (on: OnBead) => Promise<CommandReply>) {
  return { schema: issueSchema, run: onBead('bead', handle) };
}

function reply(bead: Bead, said: string): CommandReply {
  return { data: issueJson(bead), text: saidOf(said, bead) };
}

async function readNote({ app, input }: OnBead): Promise<string> {
  const file = input.bool('stdin') ? '-' : input.flag('file');
  const text = file === undefined ? input.args('text').join(' ') : await readTextFile(app, file);
  if (text.trim() !== '') return text.replace(/\n+$/, '');
  throw new UsageError({
    code: 'beads.no-text',
    message: 'there is no text to note',
    hint: 'Give it as words, with --file, or with --stdin',
  });
}
