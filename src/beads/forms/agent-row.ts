import { agentBeadIdOf, formatAddress, type AgentAddress, type Role } from '../../core/address.ts';
import type { Prefix } from '../../core/names.ts';
import { parseAgentBead } from './agent-bead-id.ts';
import { clearAlert } from './alert.ts';
import { parseFields, writeFields, type FieldPatch, type Fields } from './fields.ts';
import type { Bead, BeadFilter, BeadPatch, LedgerReads, LedgerTx } from '../types.ts';

const AGENT_LABEL = 'gt:agent';

/**
 * What the ledger knows of one agent (spec 03 §1). The description's lines outrank the columns; `hookBead` and
 * `activeMr` are copies for the Go gt: written, never trusted.
 */
export interface AgentRow {
  readonly address: AgentAddress;
  readonly bead: Bead;
  /** spawning, working, done, stuck, escalated, idle, running, nuked, awaiting-gate; '' when unset. */
  readonly agentState: string;
  /** Number of the newest session start; 0 before the first. */
  readonly spawn: number;
  readonly hookBead: string | undefined;
  readonly activeMr: string | undefined;
  readonly cleanupStatus: string | undefined;
  readonly exitType: string | undefined;
  /** RFC 3339. */
  readonly completionTime: string | undefined;
  readonly branch: string | undefined;
  readonly labels: readonly string[];
}

/** Absent = untouched, null = emptied. */
export interface AgentPatch {
  readonly agentState?: string;
  readonly spawn?: number;
  readonly hookBead?: string | null;
  readonly activeMr?: string | null;
  readonly cleanupStatus?: string | null;
  readonly exitType?: string | null;
  readonly completionTime?: string | null;
  readonly branch?: string | null;
  readonly notificationLevel?: string;
  readonly mode?: string | null;
  readonly addLabels?: readonly string[];
  /** The labels, or which of those that are there. */
  readonly removeLabels?: readonly string[] | ((label: string) => boolean);
  readonly metadata?: BeadPatch['metadata'];
}

/**
 * The agent's row, as an issue or a wisp and of any type.
 * @param legacy where the Go gt left rows of rig agents (hq); asked only when the agent's own database has none
 */
export async function readAgentRow(
  reads: LedgerReads,
  address: AgentAddress,
  prefix: Prefix,
  legacy?: LedgerReads,
): Promise<AgentRow | undefined> {
  const id = agentBeadIdOf(address, prefix);
  const bead = (await reads.get(id)) ?? (await legacy?.get(id));
  return bead === undefined ? undefined : agentRowOf(bead, address);
}

/** Finds what `agentRowsOf` takes. */
export const AGENT_BEADS: BeadFilter = { labels: [AGENT_LABEL], order: 'id' };

/** All agents of this database. */
export async function listAgentRows(reads: LedgerReads): Promise<readonly AgentRow[]> {
  return agentRowsOf(await reads.list(AGENT_BEADS));
}

/** Those whose address their row tells; others are no agents of ours. */
export function agentRowsOf(beads: readonly Bead[]): readonly AgentRow[] {
  return beads.flatMap((bead) => {
    const address = parseAgentBead(bead);
    return address === undefined ? [] : [agentRowOf(bead, address)];
  });
}

/** States an agent reports of itself; they forbid reuse and clean-up until somebody has looked. */
const SELF_REPORTED: ReadonlySet<string> = new Set(['stuck', 'awaiting-gate', 'escalated']);

export function isSelfReportedStuck(agentState: string): boolean {
  return SELF_REPORTED.has(agentState);
}

/** Key of the alert that an agent in one of those states has raised; it is open as long as the state lasts. */
export function helpKey(address: string): string {
  return `help:${address}`;
}

/**
 * Changes the row where it is, or makes it: type agent, table issues (DESIGN D9). Unknown text of the description
 * stays. Runs inside the transaction that changes the agent's work.
 */
export async function writeAgentRow(
  tx: LedgerTx,
  address: AgentAddress,
  prefix: Prefix,
  patch: AgentPatch,
): Promise<AgentRow> {
  const id = agentBeadIdOf(address, prefix);
  const bead = (await tx.get(id)) ?? (await createRow(tx, id, address));
  const { removeLabels = [], addLabels = [], metadata } = patch;
  const old = typeof removeLabels === 'function' ? bead.labels.filter(removeLabels) : removeLabels;
  for (const label of old) await tx.removeLabel(id, label);
  for (const label of addLabels) await tx.addLabel(id, label);
  const wasStuck = isSelfReportedStuck(agentRowOf(bead, address).agentState);
  if (wasStuck && patch.agentState !== undefined && !isSelfReportedStuck(patch.agentState))
    await clearAlert(tx, helpKey(formatAddress(address)), `${formatAddress(address)} is ${patch.agentState}`);
  const written = await tx.update(id, {
    // A nuked worker that is hired again, or a row closed by hand, is an agent once more.
    ...(bead.status === 'closed' ? { status: 'open' } : {}),
    description: writeFields(bead.description, linesOf(patch)),
    ...(patch.agentState === undefined ? {} : { agentState: patch.agentState }),
    ...(patch.hookBead === undefined ? {} : { hookBead: patch.hookBead ?? '' }),
    ...(metadata === undefined ? {} : { metadata }),
  });
  return agentRowOf(written, address);
}

/** Makes the row of a standing agent, or opens it again; one that is open stays as it is. */
export async function ensureAgentRow(tx: LedgerTx, address: AgentAddress, prefix: Prefix): Promise<void> {
  const bead = await tx.get(agentBeadIdOf(address, prefix));
  if (bead === undefined || bead.status === 'closed')
    await writeAgentRow(tx, address, prefix, { agentState: 'idle' });
}

function agentRowOf(bead: Bead, address: AgentAddress): AgentRow {
  const fields = parseFields(bead.description);
  return {
    address,
    bead,
    agentState: fields.get('agent_state') ?? bead.agentState,
    spawn: parseSpawn(fields),
    hookBead: fields.has('hook_bead') ? fields.get('hook_bead') : bead.hookBead || undefined,
    activeMr: fields.get('active_mr'),
    cleanupStatus: fields.get('cleanup_status'),
    exitType: fields.get('exit_type'),
    completionTime: fields.get('completion_time'),
    branch: fields.get('branch'),
    labels: bead.labels,
  };
}

function parseSpawn(fields: Fields): number {
  const spawn = Number(fields.get('spawn') ?? 0);
  return Number.isSafeInteger(spawn) && spawn > 0 ? spawn : 0;
}

function linesOf(patch: AgentPatch): FieldPatch {
  return {
    agent_state: patch.agentState,
    hook_bead: patch.hookBead,
    active_mr: patch.activeMr,
    cleanup_status: patch.cleanupStatus,
    exit_type: patch.exitType,
    completion_time: patch.completionTime,
    branch: patch.branch,
    notification_level: patch.notificationLevel,
    mode: patch.mode,
    spawn: patch.spawn,
  };
}

async function createRow(tx: LedgerTx, id: string, address: AgentAddress): Promise<Bead> {
  const title = titleOf(address);
  const rig = 'rig' in address ? address.rig : '';
  return tx.create({
    id,
    title,
    type: 'agent',
    labels: [AGENT_LABEL],
    roleType: address.role,
    rig,
    agentState: 'idle',
    description: [
      title,
      '',
      `role_type: ${address.role}`,
      `rig: ${rig || 'null'}`,
      'agent_state: idle',
      'hook_bead: null',
      'cleanup_status: null',
      'active_mr: null',
      'notification_level: null',
    ].join('\n'),
  });
}

function titleOf(address: AgentAddress): string {
  const plain: Readonly<Record<Role, string>> = {
    overseer: 'Overseer',
    mayor: 'Mayor of the town',
    deacon: 'Deacon of the town',
    boot: 'Boot, the watchdog of the deacon',
    dog: 'Dog',
    witness: 'Witness',
    refinery: 'Refinery',
    polecat: 'Polecat',
    crew: 'Crew',
  };
  const who = 'name' in address || 'rig' in address ? ` ${formatAddress(address)}` : '';
  return `${plain[address.role]}${who}`;
}
