import { ROLE_ICON } from '../../core/role-icon.ts';
import { counted, oneLine, tmuxText } from '../../core/text.ts';
import type { Estop } from '../../town/estop.ts';
import { mailOf } from '../../watchdog/view/mail.ts';
import type { BarFacts } from '../../watchdog/view/bars.ts';
import type { Bars } from '../../watchdog/view/kept-bars.ts';
import type { AgentView, MergeView, RigView, TownView } from '../../watchdog/view/types.ts';
import { shorten } from './width.ts';

/**
 * The right part of the status bar of every session that is shown (spec 07 §2.1): parts between bars, e-stop first.
 * Texts of other people never become a tmux format.
 */
export function drawBars({ view, estops }: BarFacts): Bars {
  const [mayor, deacon] = view.agents;
  const town = [
    ...(mayor === undefined ? [] : [[mayor.session, mayorParts(mayor, view), undefined] as const]),
    ...(deacon === undefined ? [] : [[deacon.session, deaconParts(deacon, view), undefined] as const]),
  ];
  const rigs = view.rigs.flatMap((rig) =>
    agentsOf(rig).map((agent) => [agent.session, rigParts(agent, rig, view), rig.name] as const),
  );
  return Object.fromEntries(
    [...town, ...rigs].map(([session, parts, rig]) => [session, line(estopPart(estops, rig), parts)]),
  );
}

function line(estop: string, parts: readonly string[]): string {
  const shown = parts.filter((part) => part !== '');
  return `${estop}${shown.length === 0 ? '' : `${shown.join(' | ')} |`}`;
}

function agentsOf(rig: RigView): readonly AgentView[] {
  return [rig.witness, rig.refinery, ...rig.crew, ...rig.polecats].filter((agent) => agent !== undefined);
}

function estopPart(estops: readonly Estop[], rig: string | undefined): string {
  const found = estops.find((estop) => estop.rig === undefined || estop.rig === rig);
  if (found === undefined) return '';
  const time = found.since === undefined ? '' : ` ${clock(found.since)}`;
  return `#[bg=red,fg=white,bold] ESTOP${time} #[default] `;
}

function clock(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 5);
}

function mayorParts(mayor: AgentView, view: TownView): readonly string[] {
  const { rigs, attention } = view;
  const polecats = rigs.flatMap((rig) => rig.polecats);
  const working = polecats.filter(({ state }) => state === 'working' || state === 'starting').length;
  const deacon = view.agents.find(({ role }) => role === 'health-check');
  return [
    attention.length === 0 ? '' : `⚑${attention.length}`,
    unreadable(view) ? 'ledger ?' : `${ROLE_ICON.polecat} ${working}/${polecats.length}`,
    rigs.length === 0 ? '' : `${ROLE_ICON.witness} ${countOf(rigs, (rig) => isWatched(rig, view))}`,
    rigs.length === 0 ? '' : `${ROLE_ICON.refinery} ${countOf(rigs, hasEngine)}`,
    deacon?.running === true ? ROLE_ICON.deacon : '',
    lamps(view),
    hookOrMail(mayor, view, [40, 45]),
  ];
}

function countOf(rigs: readonly RigView[], holds: (rig: RigView) => boolean): string {
  return `${rigs.filter(holds).length}/${rigs.length}`;
}

/** The daemon watches its workers, or an agent does. */
function isWatched(rig: RigView, view: TownView): boolean {
  return (
    (view.daemon.running && rig.closed === undefined && rig.error === undefined) ||
    rig.witness?.running === true
  );
}

function hasEngine({ merge, refinery }: RigView): boolean {
  return (
    !['off', 'stopped', 'lost', 'failing', 'disabled'].includes(merge.engine) || refinery?.running === true
  );
}

/** Which rigs run: those that do first. Many are named by their prefix. */
function lamps(view: TownView): string {
  const named = (rig: RigView): string =>
    tmuxText(view.rigs.length > 2 && rig.prefix !== '' ? rig.prefix : rig.name, 20);
  // A docked rig is nobody's business here: it was put away on every machine.
  const shown = view.rigs.filter(({ closed }) => closed !== 'docked');
  const groups = Map.groupBy(shown, (rig) => lampOf(rig, view));
  return LAMPS.flatMap((lamp) => {
    const rigs = groups.get(lamp);
    if (rigs === undefined) return [];
    const gap = lamp === PARKED ? '  ' : '';
    return [
      rigs
        .map((rig) => `${lamp}${gap}${named(rig)}`)
        .sort()
        .join(' '),
    ];
  }).join(' | ');
}

const PARKED = '🅿️';
const LAMPS = ['🟢', '🟡', '⚫', PARKED] as const;

function lampOf(rig: RigView, view: TownView): (typeof LAMPS)[number] {
  if (rig.closed !== undefined) return PARKED;
  const up = [isWatched(rig, view), hasEngine(rig)].filter(Boolean).length;
  return up === 2 ? '🟢' : up === 1 ? '🟡' : '⚫';
}

function deaconParts(deacon: AgentView, view: TownView): readonly string[] {
  return [counted(view.rigs.length, 'rig'), hookOrMail(deacon, view, [35, 40])];
}

function rigParts(agent: AgentView, rig: RigView, view: TownView): readonly string[] {
  switch (agent.role) {
    case 'witness':
      return [`${rig.crew.length} crew`, hookOrMail(agent, view, [30, 35])];
    case 'refinery':
      return [
        ...mergeParts(rig.merge, unreadable(view) || rig.error !== undefined),
        hookOrMail(agent, view, [25, 30]),
      ];
    case 'crew':
    case 'polecat':
    case 'coordinator':
    case 'health-check':
      return [unreadable(view) ? 'ledger ?' : hookOrMail(agent, view, [40, 45])];
  }
}

const LANDING: ReadonlySet<string> = new Set(['chained', 'proving', 'landing']);

function mergeParts({ requests }: MergeView, isUnknown: boolean): readonly string[] {
  if (isUnknown) return ['MQ: ?'];
  const landing = requests.find(({ phase }) => LANDING.has(phase));
  const waiting = requests.length - (landing === undefined ? 0 : 1);
  if (landing !== undefined)
    return [`merging ${tmuxText(landing.id, 30)}`, waiting === 0 ? '' : `+${waiting} queued`];
  return [waiting === 0 ? 'idle' : `${waiting} queued`];
}

/** What could not be looked at is not nothing. */
function unreadable({ store, unavailable }: TownView): boolean {
  return (
    !store.ok ||
    Object.keys(unavailable).some((source) => source.startsWith('rig ') || source === 'escalations')
  );
}

/** What it holds; with nothing on its hook what waits in its box. @param cells of either */
function hookOrMail(
  { bead, title, address }: AgentView,
  { mail }: TownView,
  [hookCells, mailCells]: readonly [number, number],
): string {
  if (bead !== undefined) {
    return `🪝 ${tmuxText(shorten(oneLine(title === undefined ? bead : `${bead}: ${title}`), hookCells))}`;
  }
  const { count, subject } = mailOf(mail, address);
  return count === 0 ? '' : `📬 ${tmuxText(shorten(oneLine(subject), mailCells))}`;
}
