import * as z from 'zod/mini';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import type { StoreKind } from '../ports/store.ts';
import { checkHeader, corrupt, readJsonFile, type JsonHeader, type JsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

/** mayor/town.json, parsed. */
export interface Town {
  readonly name: string;
  readonly owner: string | undefined;
  readonly publicName: string | undefined;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The one authority on where the ledger is (DESIGN §2a). */
  readonly store: StoreKind;
  /** False for a town that the Go gt made and nobody has adopted: it does not say which store it has. */
  readonly isAdopted: boolean;
}

export const TOWN_HEADER: JsonHeader = { type: 'town', version: 2 };

/** A town without `store` was made by the Go gt, whose only ledger is Dolt. */
export const townSchema = z.object({
  name: z.string(),
  owner: z.optional(z.string()),
  public_name: z.optional(z.string()),
  created_at: z.optional(z.string()),
  store: z.optional(z.object({ kind: z.enum(['sqlite', 'dolt']) })),
});

/**
 * Reads mayor/town.json and compares the ledger's copy in .beads/metadata.json with it. NotFoundError
 * `town.not-found`, UnreadableError `file.corrupt`, RefusedError `file.newer` or `store.mismatch`.
 */
export async function readTown(files: Files, paths: TownPaths): Promise<Town> {
  const doc = await readJsonFile(files, paths.townFile);
  if (doc === undefined) {
    throw new NotFoundError({
      code: 'town.not-found',
      message: `${paths.root} is no town: mayor/town.json is missing`,
      hint: 'Run: gt install <path>',
    });
  }
  const town = parseTown(doc, paths.townFile);
  checkCopy(town, await readJsonFile(files, `${paths.beadsDir}/metadata.json`));
  return town;
}

/** Where the document says the ledger is. UnreadableError `file.corrupt`. */
export function readStoreKind(doc: JsonObject, path: string): StoreKind {
  return parseTown(doc, path).store;
}

function parseTown(doc: JsonObject, path: string): Town {
  checkHeader(doc, TOWN_HEADER, path);
  const parsed = townSchema.safeParse(doc);
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  const { name, owner, public_name, created_at, store } = parsed.data;
  const facts = { name, owner, publicName: public_name, createdAt: created_at ?? '' };
  return { ...facts, store: store?.kind ?? 'dolt', isAdopted: store !== undefined };
}

/** Half of what such a town holds would look lost to commands that know only our form of it. */
export function notAdopted(root: string): RefusedError {
  return new RefusedError({
    code: 'town.not-adopted',
    message: `the town ${root} was made by another gt, and this one has not adopted it`,
    hint: 'See what that would do: gt upgrade --adopt --dry-run',
  });
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly minimum?: number | bigint | undefined;
  readonly maximum?: number | bigint | undefined;
}

/** `title: wanted string`: where a zod issue lies and what it is. */
export function describeIssue(issue: Issue): string {
  return `${issue.path.map(String).join('.') || 'the document'}: ${whatIsWrong(issue)}`;
}

/** zod/mini alone says no more than `Invalid input`. */
function whatIsWrong({ message, expected, minimum, maximum }: Issue): string {
  if (message !== 'Invalid input') return message;
  if (typeof expected === 'string') return `wanted ${expected}`;
  if (minimum !== undefined) return `wanted at least ${minimum}`;
  return maximum === undefined ? message : `wanted at most ${maximum}`;
}

function checkCopy(town: Town, metadata: JsonObject | undefined): void {
  const backend = metadata?.['backend'];
  const kind = backend === 'gt-sqlite' ? 'sqlite' : backend === 'dolt' ? 'dolt' : undefined;
  if (kind === undefined || kind === town.store) return;
  throw new RefusedError({
    code: 'store.mismatch',
    message: `mayor/town.json says the ledger is ${town.store}, .beads/metadata.json says ${kind}`,
    hint: `Write the true one into both: mayor/town.json "store":{"kind":…} and .beads/metadata.json "backend"`,
  });
}
