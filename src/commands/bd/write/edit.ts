import { join } from 'node:path';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { ExternalError, UsageError } from '../../../core/errors.ts';
import { openEditor } from '../../editor.ts';
import { onBead, saidOf, type OnBead } from '../handlers.ts';

export { issueSchema as schema } from '../schema.ts';

const FIELDS = {
  title: 'title',
  design: 'design',
  notes: 'notes',
  acceptance: 'acceptanceCriteria',
  description: 'description',
} as const;

/** One text of a bead in the person's editor; written back only when it was changed there and nowhere else meanwhile. */
export const run = onBead('bead', async (on) => {
  const { bead, input, write } = on;
  const field = fieldOf(input);
  const edited = await edit(on, bead[field]);
  const text = field === 'title' ? edited.trim() : edited;
  if (text === bead[field]) return { data: issueJson(bead), text: saidOf('Unchanged', bead) };
  const changed = await write(`update ${bead.id}`, async (tx) => {
    if ((await tx.find(bead.id))[field] !== bead[field]) throw changedMeanwhile(bead.id, text);
    return tx.update(bead.id, { [field]: text });
  });
  return { data: issueJson(changed), text: saidOf('Updated', changed) };
});

function fieldOf(input: CommandInput): (typeof FIELDS)[keyof typeof FIELDS] {
  const flag = (['title', 'design', 'notes', 'acceptance'] as const).find((name) => input.bool(name));
  return FIELDS[flag ?? 'description'];
}

async function edit({ app, bead }: OnBead, text: string): Promise<string> {
  if (!app.output.isTTY) {
    throw new UsageError({
      code: 'beads.no-terminal',
      message: 'an editor needs a terminal',
      hint: `Run: bd update ${bead.id} --body-file <file>`,
    });
  }
  const { files, random } = app.machine;
  const path = join(app.env['TMPDIR'] ?? '/tmp', `bd-${random.uuid()}.md`);
  await files.writeAtomic(path, text, { mode: 0o600 });
  try {
    const failure = await openEditor(app, path);
    if (failure !== undefined) throw new ExternalError({ code: 'beads.editor-failed', message: failure });
    return (await files.readText(path)) ?? '';
  } finally {
    await files.remove(path);
  }
}

/** What was written is shown: the file is gone. */
function changedMeanwhile(id: string, text: string): UsageError {
  return new UsageError({
    code: 'bead.changed',
    message: `${id} was changed by somebody else meanwhile. Your text:\n\n${text}`,
    hint: `Run: bd edit ${id}`,
  });
}
