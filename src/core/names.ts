import { UsageError } from './errors.ts';

/** Branded strings: made only by the parsers here, so a checked name cannot be confused with raw input. */
type Brand<T, B extends string> = T & { readonly __brand: B };

export type BeadId = Brand<string, 'BeadId'>;
export type RigName = Brand<string, 'RigName'>;
export type WorkerName = Brand<string, 'WorkerName'>;
export type Prefix = Brand<string, 'Prefix'>;
export type SessionName = Brand<string, 'SessionName'>;
export type Sha = Brand<string, 'Sha'>;

const RESERVED_WORKERS = new Set(['witness', 'mayor', 'deacon', 'refinery', 'crew', 'polecats']);
const RESERVED_RIGS = new Set([
  'hq',
  'mayor',
  'deacon',
  'settings',
  'config',
  'daemon',
  'logs',
  'events',
  'warrants',
  'plugins',
  'roles',
  'directives',
  'hooks',
  'witness',
]);

const BEAD_ID = /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9_.]+)+$/;
const WORKER = /^(?:[a-z][a-z0-9_]{0,31}|[0-9]+)$/;
/** Names that other versions of gt gave: read where they exist, never given anew. */
const ANY_WORKER = /^(?=.{1,64}$)[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*$/;
const PREFIX = /^[A-Za-z][A-Za-z0-9-]{0,19}$/;
const RIG = /^[A-Za-z0-9_]+$/;
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `gt-abc12`, `hq-cv-x1y2z`, `gt-abc12.3`. Throws UsageError `bead.bad-id`. */
export function parseBeadId(text: string): BeadId {
  if (!BEAD_ID.test(text) || text.length > 255) {
    throw new UsageError({
      code: 'bead.bad-id',
      message: `'${text.slice(0, 60)}' is not a bead id`,
      hint: 'An id looks like gt-abc12. Run: bd list',
    });
  }
  return text as BeadId;
}

export function isBeadId(text: string): text is BeadId {
  return BEAD_ID.test(text) && text.length <= 255;
}

/** Worker (polecat, crew) name as new ones are made; throws UsageError `worker.bad-name`. */
export function parseWorkerName(text: string): WorkerName {
  return workerName(text, WORKER);
}

/** Name of a worker that may be there already, also one no new worker can get; throws UsageError `worker.bad-name`. */
export function readWorkerName(text: string): WorkerName {
  return workerName(text, ANY_WORKER);
}

function workerName(text: string, form: RegExp): WorkerName {
  if (!isName(text, form)) {
    throw new UsageError({
      code: 'worker.bad-name',
      message: `'${text.slice(0, 60)}' cannot name a worker`,
      hint: 'Use lower-case letters, digits and _, starting with a letter',
    });
  }
  return text;
}

/** A name as new workers are given. */
export function isWorkerName(text: string): text is WorkerName {
  return isName(text, WORKER);
}

/** A name that a worker may have already. */
export function isOldWorkerName(text: string): text is WorkerName {
  return isName(text, ANY_WORKER);
}

function isName(text: string, form: RegExp): text is WorkerName {
  return form.test(text) && !RESERVED_WORKERS.has(text);
}

/** Not the name of a folder of the town either. */
export function isRigName(text: string): text is RigName {
  return RIG.test(text) && !RESERVED_RIGS.has(text) && text.length <= 64;
}

/** Rig name; throws UsageError `rig.bad-name` that proposes a name when `-`, `.` or blanks are the trouble. */
export function parseRigName(text: string): RigName {
  if (!isRigName(text)) {
    const proposal = text
      .replaceAll(/[^A-Za-z0-9_]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 64);
    throw new UsageError({
      code: 'rig.bad-name',
      message: `'${text.slice(0, 60)}' cannot name a rig`,
      hint: isRigName(proposal)
        ? `Try: ${proposal}`
        : 'Use letters, digits and _; not a folder name of the town',
    });
  }
  return text;
}

/** Bead prefix without its trailing `-`; throws UsageError `rig.bad-prefix`. */
export function parsePrefix(text: string): Prefix {
  const bare = text.replace(/-+$/, '');
  if (!PREFIX.test(bare)) {
    throw new UsageError({
      code: 'rig.bad-prefix',
      message: `'${text.slice(0, 60)}' cannot be a bead prefix`,
      hint: 'Use 1-20 letters, digits and -, starting with a letter',
    });
  }
  return bare as Prefix;
}

/** A full object id; throws UsageError `git.bad-sha`. */
export function parseSha(text: string): Sha {
  if (!SHA.test(text)) {
    throw new UsageError({ code: 'git.bad-sha', message: `'${text.slice(0, 60)}' is not a full commit id` });
  }
  return text as Sha;
}
