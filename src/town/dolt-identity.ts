import type { DoltAnswer } from '../ports/dolt-probe.ts';
import type { ProcessIdentity } from '../ports/processes.ts';

/** Who holds the port. */
export type PortHolder =
  | { readonly kind: 'nobody' }
  /** Somebody of another user, or out of our sight. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'process';
      readonly identity: ProcessIdentity;
      /** Real path; undefined when it is gone or may not be read. */
      readonly cwd: string | undefined;
    };

export interface DoltEvidence {
  /** Real path of the town's data folder. */
  readonly dataDir: string;
  /** Databases in it. */
  readonly onDisk: readonly string[];
  readonly holder: PortHolder;
  readonly answer: DoltAnswer;
}

export type DoltVerdict =
  | { readonly kind: 'nobody' }
  /** Both facts hold: the server says it serves our data, and its process lives in our data folder. */
  | { readonly kind: 'ours'; readonly identity: ProcessIdentity; readonly databases: readonly string[] }
  /** Our process by its folder, but it does not answer SQL. */
  | { readonly kind: 'mute'; readonly identity: ProcessIdentity; readonly why: string }
  | { readonly kind: 'squatter'; readonly why: string };

/**
 * Two independent facts make a server ours (P4): what it says over SQL, and what the system says of the process
 * that listens. A deleted data folder fails the second, another town's server both.
 */
export function judgeDolt(evidence: DoltEvidence): DoltVerdict {
  const { holder, answer, dataDir } = evidence;
  switch (holder.kind) {
    case 'nobody':
      // The answer of a moment ago may come from a process that ended since.
      return { kind: 'nobody' };
    case 'hidden':
      return { kind: 'squatter', why: 'its process is not visible to this user' };
    case 'process':
      break;
  }
  if (holder.cwd !== dataDir) return { kind: 'squatter', why: describeCwd(holder.cwd) };
  if (answer.kind !== 'dolt') return { kind: 'mute', identity: holder.identity, why: answer.why };
  const { facts } = answer;
  if (!servesOurData(evidence, facts)) {
    return { kind: 'squatter', why: `it says it serves ${facts.dataDir || facts.databases.join(', ')}` };
  }
  return { kind: 'ours', identity: holder.identity, databases: facts.databases };
}

/** A server that the Go gt started does not know its folder: then its databases must be the ones on disk. */
function servesOurData(
  evidence: DoltEvidence,
  facts: { readonly dataDir: string; readonly databases: readonly string[] },
): boolean {
  if (facts.dataDir !== '') return facts.dataDir === evidence.dataDir;
  return [...facts.databases].sort().join('\n') === [...evidence.onDisk].sort().join('\n');
}

function describeCwd(cwd: string | undefined): string {
  return cwd === undefined ? 'its folder was deleted or is not readable' : `it runs in ${cwd}`;
}
