import type { Bead, LedgerReads } from '../../beads/types.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { cookFormula, type Kitchen } from '../kitchen.ts';
import type { Values } from '../variables.ts';
import { blueprintOf, type Blueprint } from './blueprint.ts';
import { blueprintOfProto, isProto } from './proto.ts';

export interface Source {
  readonly blueprint: Blueprint;
  /** The stored proto it came from. */
  readonly proto: Bead | undefined;
}

export interface SourceRequest {
  readonly reads: LedgerReads;
  readonly kitchen: Kitchen;
  /** A formula's name or path, or a proto's id. */
  readonly name: string;
  readonly values: Values;
}

/** What is to be poured: the formula of this name, else the stored proto. Throws NotFoundError `formula.not-found`, UsageError. */
export async function readSource({ reads, kitchen, name, values }: SourceRequest): Promise<Source> {
  try {
    const cooked = await cookFormula(kitchen, { name, values });
    if (cooked.formula.convoy !== undefined) throw isAConvoy(cooked.formula.formula);
    return { blueprint: blueprintOf(cooked), proto: undefined };
  } catch (error) {
    const proto = isNotFound(error) ? await findProto(reads, name) : undefined;
    if (proto === undefined) throw error;
    return { blueprint: await blueprintOfProto(reads, proto, values), proto };
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof NotFoundError && error.code === 'formula.not-found';
}

async function findProto(reads: LedgerReads, name: string): Promise<Bead | undefined> {
  try {
    const bead = await reads.find(name);
    return isProto(bead) ? bead : undefined;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function isAConvoy(name: string): UsageError {
  return new UsageError({
    code: 'formula.convoy',
    message: `${name} is a convoy formula: several agents work on it side by side, it is no molecule of one`,
    hint: `Run: gt formula run ${name}`,
  });
}
