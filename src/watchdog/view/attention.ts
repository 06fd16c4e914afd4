import { helpKey } from '../../beads/forms/agent-row.ts';
import { ALERT_KEY } from '../../beads/forms/alert.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, parseAddress } from '../../core/address.ts';
import type { AgentView, Attention, RigView, TownView } from './types.ts';

/** What the list is made from: a view without it, and the open alerts. */
export interface AttentionFacts {
  readonly view: Omit<TownView, 'attention'>;
  readonly escalations: readonly Bead[];
}

/**
 * Everything that needs a person, services first. Nothing that gt handles by itself is in it: a restart under way,
 * an idle worker, a queued bead. What could not be looked at is: it may hide anything.
 */
export function attentionOf({ view, escalations }: AttentionFacts): readonly Attention[] {
  // Who has asked for help is told by what it asked.
  const asked = new Set(escalations.map((bead) => bead.metadata[ALERT_KEY]));
  const agents = [...view.agents, ...view.rigs.flatMap(agentsOf)];
  return [
    ...serviceAttention(view),
    ...view.rigs.flatMap(rigAttention),
    ...agents
      .filter(({ address }) => !asked.has(helpKey(formatAddress(parseAddress(address)))))
      .flatMap(agentAttention),
    ...escalations.map(escalationAttention),
  ];
}

function serviceAttention(view: AttentionFacts['view']): readonly Attention[] {
  const { daemon, store, wanted } = view;
  const found: Attention[] = [];
  const service = (subject: string, reason: string, next: string): void => {
    found.push({ kind: 'service', subject, reason, next });
  };
  // A Dolt server rests with its town.
  const atRest = store.kind === 'dolt' && wanted === 'down';
  if (!store.ok && !atRest) service('ledger', store.error ?? 'it does not answer', 'gt up');
  if (wanted === 'up' && !daemon.running)
    service('daemon', 'it does not run: nobody watches the agents', 'gt up');
  for (const [source, why] of Object.entries(view.unavailable))
    service(source, `unavailable: ${why}`, 'gt status again');
  const own = daemon.running ? daemon.own : undefined;
  for (const trouble of own?.troubles ?? []) service('daemon', trouble, 'gt daemon logs');
  for (const engine of own?.engines ?? []) {
    if (engine.state === 'failing')
      service(`refinery of ${engine.rig}`, engine.waiting.join('; '), 'gt daemon logs');
  }
  return found;
}

function rigAttention(rig: RigView): readonly Attention[] {
  if (rig.error !== undefined) {
    return [{ kind: 'rig', subject: rig.name, reason: rig.error, next: `repair ${rig.name}/config.json` }];
  }
  const { merge } = rig;
  const paused: readonly Attention[] =
    merge.paused === undefined
      ? []
      : [
          {
            kind: 'merge',
            subject: rig.name,
            reason: `merge queue paused: ${merge.paused}`,
            next: `gt refinery status ${rig.name}`,
          },
        ];
  const missing = merge.requests
    .filter(({ phase }) => phase === 'missing')
    .map((mr): Attention => ({
      kind: 'merge',
      subject: mr.id,
      reason: 'its branch is gone',
      next: `gt mq status ${mr.id}`,
    }));
  const blocked = rig.blocked.map((bead): Attention => ({
    kind: 'bead',
    subject: bead.id,
    reason: `blocked: ${bead.title}`,
    next: `bd show ${bead.id}, then gt sling respawn-reset ${bead.id}`,
  }));
  return [...paused, ...missing, ...blocked, ...conflictsOfNobody(rig)];
}

/** Work of a script has nobody who could resolve its conflict: its task waits for a person to give it away. */
function conflictsOfNobody(rig: RigView): readonly Attention[] {
  const taken = new Set([
    ...agentsOf(rig).map(({ bead }) => bead),
    ...rig.queue.map(({ bead }) => bead),
    ...rig.blocked.map(({ id }) => id),
  ]);
  return rig.merge.requests.flatMap(({ id, conflict }): readonly Attention[] =>
    conflict === undefined || taken.has(conflict)
      ? []
      : [
          {
            kind: 'bead',
            subject: conflict,
            reason: `nobody resolves the conflict of ${id}`,
            next: `gt sling ${conflict} ${rig.name}`,
          },
        ],
  );
}

function agentsOf(rig: RigView): readonly AgentView[] {
  const standing = [rig.witness, rig.refinery].filter((agent) => agent !== undefined);
  return [...standing, ...rig.crew, ...rig.polecats];
}

function agentAttention(agent: AgentView): readonly Attention[] {
  if (!agent.needsPerson) return [];
  return [
    {
      kind: 'agent',
      subject: agent.address,
      reason: agent.reasons[0] ?? agent.state,
      next: `gt attach ${agent.address}`,
    },
  ];
}

function escalationAttention(bead: Bead): Attention {
  return { kind: 'escalation', subject: bead.id, reason: bead.title, next: `bd show ${bead.id}` };
}
