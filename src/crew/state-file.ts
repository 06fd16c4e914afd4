import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { UnreadableError } from '../core/errors.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

/** `state.json` of a workspace as the Go gt reads it: written for it, never trusted (the folder's name wins). */
export interface CrewState {
  /** RFC 3339; undefined = not known. */
  readonly createdAt: string | undefined;
  /** Not a file of the project that happens to have this name. */
  readonly isOurs: boolean;
}

export async function readCrewState(ctx: TownContext, place: CrewPlace): Promise<CrewState> {
  const doc = await readDocument(ctx, place);
  const at = doc?.['created_at'];
  return { createdAt: typeof at === 'string' ? at : undefined, isOurs: doc !== undefined };
}

/** Other keys of the file stay; a file that is the project's own is left alone. */
export async function writeCrewState(ctx: TownContext, place: CrewPlace, branch: string): Promise<void> {
  const { files, clock } = ctx.ports;
  const before = await readDocument(ctx, place);
  if (before === undefined) return;
  const now = new Date(clock.now()).toISOString();
  const state = {
    ...before,
    name: place.name,
    rig: place.rig.name,
    clone_path: place.path,
    branch,
    created_at: before['created_at'] ?? now,
    updated_at: now,
  };
  await files.writeAtomic(fileOf(place), formatJson(state), { mode: 0o644 });
}

/** undefined = a file of the project that only has this name. */
async function readDocument(ctx: TownContext, place: CrewPlace): Promise<JsonObject | undefined> {
  const { files } = ctx.ports;
  try {
    const doc = (await readJsonFile(files, fileOf(place))) ?? { clone_path: '' };
    return typeof doc['clone_path'] === 'string' ? doc : undefined;
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

function fileOf({ path }: CrewPlace): string {
  return join(path, 'state.json');
}
