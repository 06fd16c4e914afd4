import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { findCrew } from '../../rig/find-crew.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';
import { readCrewState } from '../../crew/state-file.ts';
import { viewCrew } from '../../crew/view.ts';
import { readInbox } from '../../mail/inbox.ts';
import { renderCrewStatus } from '../../ui/text/crew.ts';
import { crewOf } from './choose.ts';
import { crewRow, crewSchema } from './row.ts';

export const schema = z.array(
  z.extend(crewSchema, {
    git_modified: z.array(z.string()),
    git_untracked: z.array(z.string()),
    operation: z.optional(z.string()),
    created_at: z.optional(z.string()),
    mail_total: z.number(),
    mail_unread: z.number(),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const word = input.arg('name');
  const rig = input.flag('rig');
  const places =
    word === '' ? await crewOf(app, town, rig ?? '') : [await findCrew(town, { word, rig, cwd: app.cwd })];
  const rows = await Promise.all(places.map((place) => detailOf(town, place)));
  return { data: rows, text: renderCrewStatus(rows, app.output.style) };
}

async function detailOf(town: TownContext, place: CrewPlace) {
  const [view, mail, state] = await Promise.all([
    viewCrew(town, place),
    countMail(town, place),
    readCrewState(town, place),
  ]);
  const status = view.git.ok ? view.git.value : undefined;
  return {
    ...crewRow(view),
    git_modified: [...(status?.changed ?? [])],
    git_untracked: [...(status?.untracked ?? [])],
    ...(status?.operation === undefined ? {} : { operation: status.operation }),
    ...(state.createdAt === undefined ? {} : { created_at: state.createdAt }),
    ...mail,
  };
}

async function countMail(town: TownContext, { address }: CrewPlace) {
  const box = await readInbox(town, address);
  return { mail_total: box.length, mail_unread: box.filter(({ read }) => !read).length };
}
