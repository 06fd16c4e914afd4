import type { TownContext } from '../../beads/context.ts';
import { parseAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { readAgentFiles } from '../../runtimes/agent-files.ts';
import { makeCatalog } from '../../runtimes/catalog.ts';
import type { Catalog } from '../../runtimes/catalog.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import { agentHome } from '../../town/agent-home.ts';
import { recordingFiles } from '../recording.ts';
import { locateTranscript } from '../transcripts/locate.ts';
import type { TranscriptPlace } from '../transcripts/read.ts';
import type { PastSession } from './past-session.ts';

/** Where to read about a session. */
export interface SessionSource {
  readonly runtime: RuntimeRecord | undefined;
  /** Where it worked: as gt writes it, and with links resolved. */
  readonly folders: readonly string[];
  /** undefined = nothing of it is left. */
  readonly place: TranscriptPlace | undefined;
}

/** Finds what is left of sessions; what agents are defined is read once. */
export async function openSources(ctx: TownContext): Promise<(past: PastSession) => Promise<SessionSource>> {
  const catalogs = new Map<string, Promise<Catalog>>();
  const realRoot = (await ctx.ports.files.realPath(ctx.root)) ?? ctx.root;
  const catalogOf = (rig: string): Promise<Catalog> => {
    const known = catalogs.get(rig) ?? readCatalog(ctx, rig);
    catalogs.set(rig, known);
    return known;
  };
  return async (past) => {
    const address = addressOf(past.agent);
    const catalog = await catalogOf(address !== undefined && 'rig' in address ? address.rig : '');
    const named = past.runtime === undefined ? undefined : catalog.find(past.runtime);
    const cwd = past.cwd ?? (address === undefined ? ctx.root : agentHome(ctx.root, address));
    const inTown = cwd === ctx.root || cwd.startsWith(`${ctx.root}/`);
    const folders = [cwd, ...(inTown ? [`${realRoot}${cwd.slice(ctx.root.length)}`] : [])];
    const written = await findWritten(ctx, past, {
      records: named === undefined ? readable(catalog) : [named],
      folders,
    });
    if (written !== undefined) return { ...written, folders };
    return { runtime: named, folders, place: await recordingOf(ctx, past) };
  };
}

async function readCatalog(ctx: TownContext, rig: string): Promise<Catalog> {
  const address = rig === '' ? undefined : parseAddress(`${rig}/witness`);
  const name = address !== undefined && 'rig' in address ? address.rig : undefined;
  return makeCatalog(await readAgentFiles(ctx.ports.files, ctx.paths, name), ctx.gtArgv);
}

function addressOf(agent: string): ReturnType<typeof parseAddress> | undefined {
  try {
    return parseAddress(agent);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

interface Search {
  /** Runtimes whose it may be. */
  readonly records: readonly RuntimeRecord[];
  readonly folders: readonly string[];
}

/** The conversation itself, and the runtime that wrote it. */
async function findWritten(
  ctx: TownContext,
  { conversation, transcript, runtime: told, started, end }: PastSession,
  { records, folders }: Search,
): Promise<{ readonly runtime: RuntimeRecord; readonly place: TranscriptPlace } | undefined> {
  const ended = end.kind === 'running' ? undefined : end.at;
  for (const runtime of records) {
    const store = runtime.transcripts;
    if (store === undefined) continue;
    const isTold = told !== undefined && transcript !== undefined && conversation !== undefined;
    if (isTold && store !== 'opencode' && (await ctx.ports.files.stat(transcript)) !== undefined)
      return { runtime, place: { store, file: transcript, conversation } };
    // Of an unknown runtime only an id can tell whose conversation it is.
    if (told === undefined && conversation === undefined) continue;
    const place = await locateTranscript(ctx, runtime, { conversation, folders, started, ended });
    if (place !== undefined) return { runtime, place };
  }
  return undefined;
}

async function recordingOf(
  ctx: TownContext,
  { session, spawns }: PastSession,
): Promise<TranscriptPlace | undefined> {
  if (session === '' || spawns.length === 0) return undefined;
  const files = await recordingFiles(ctx, session, spawns);
  return files.length === 0 ? undefined : { store: 'recording', files };
}

/** One record of each store. */
function readable(catalog: Catalog): readonly RuntimeRecord[] {
  const records = catalog.names.flatMap((name) => catalog.find(name) ?? []);
  const stores = ['claude', 'opencode', 'codex', 'pi'] as const;
  return stores.flatMap((store) => records.find(({ transcripts }) => transcripts === store) ?? []);
}
