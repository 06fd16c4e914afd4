import { formatAge } from '../../core/duration.ts';
import { counted, oneLine } from '../../core/text.ts';
import { mailOf } from '../../watchdog/view/mail.ts';
import type { AgentView, RigView, TownView } from '../../watchdog/view/types.ts';
import { agentLine } from './agent-line.ts';
import type { Paint } from './paint.ts';
import { clip, widthOf } from './width.ts';

export interface StatusOptions {
  readonly paint: Paint;
  /** Width of a line; Infinity in a pipe. */
  readonly columns: number;
  /** Idle workers one per line too, and beads that wait. */
  readonly verbose: boolean;
}

/** The town on one screen: what needs a person first, then services, then rig by rig. */
export function renderStatus(view: TownView, options: StatusOptions): string {
  return [
    headline(view, options.paint),
    ...attentionLines(view, options),
    '',
    ...townLines(view, options),
    ...(view.store.ok ? view.rigs.flatMap((rig) => ['', ...rigLines(rig, view, options)]) : []),
    ...(view.rigs.length === 0 ? ['', 'No rigs yet. Add a project: gt rig add <name> <git-url>'] : []),
  ].join('\n');
}

function headline(view: TownView, paint: Paint): string {
  const agents = view.rigs.flatMap((rig) => rig.polecats);
  const working = agents.filter(({ state }) => state === 'working' || state === 'starting').length;
  const idle = agents.filter(({ state }) => state === 'idle').length;
  const requests = view.rigs.flatMap((rig) => rig.merge.requests);
  const queued = view.rigs.reduce((sum, rig) => sum + rig.queue.length, 0);
  const needs = view.attention.length;
  const next = requests.find(({ why }) => why === '');
  const asks =
    needs === 0
      ? paint.green('nothing needs you')
      : paint.bold(paint.red(`${needs} need${needs === 1 ? 's' : ''} you`));
  // What could not be looked at is not nothing.
  if (!view.store.ok)
    return `${asks} · work, workers and merge queue are in the ledger, which does not answer`;
  return [
    asks,
    `${working} working`,
    `${idle} idle`,
    ...(queued === 0 ? [] : [`${queued} waiting for a worker`]),
    `merge ${requests.length} queued${next === undefined ? '' : `, next ${next.id}`}`,
  ].join(' · ');
}

function attentionLines({ attention }: TownView, { paint, columns }: StatusOptions): readonly string[] {
  return attention.map(
    ({ subject, reason, next }) =>
      `  ${paint.red('⚠')} ${paint.bold(subject)}: ${clip(reason, 100, columns)} → ${next}`,
  );
}

function townLines(view: TownView, { paint, columns }: StatusOptions): readonly string[] {
  const down = view.wanted === 'down' ? ` ${paint.yellow('(taken down, start it: gt up)')}` : '';
  return [
    `Town: ${paint.bold(view.name)}  ${view.root}${down}`,
    `Services: ${[daemonText(view), storeText(view), tmuxText(view)].join('   ')}`,
    ...view.agents
      .filter(({ running }) => running)
      .map((agent) =>
        agentLine(agent, view.at, { paint, columns, unread: mailOf(view.mail, agent.address).count }),
      ),
  ];
}

function daemonText({ daemon, at }: TownView): string {
  if (!daemon.running) return 'daemon ○ stopped';
  const seen = Date.parse(daemon.lastHeartbeat);
  return `daemon ● pid ${daemon.pid}${Number.isNaN(seen) ? '' : `, heartbeat ${formatAge(at - seen)} ago`}`;
}

function storeText({ store, wanted }: TownView): string {
  if (!store.ok && store.kind === 'dolt' && wanted === 'down') return 'ledger ○ dolt, stopped';
  if (!store.ok) return `ledger ✖ ${store.kind}: ${oneLine(store.error ?? 'no answer', 60)}`;
  if (store.kind === 'sqlite') return `ledger ● sqlite, ${megabytes(store.bytes ?? 0)}`;
  const pid = store.server?.pid === undefined ? '' : `, pid ${store.server.pid}`;
  return `ledger ● dolt on ${store.location}${pid}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function tmuxText({ tmux }: TownView): string {
  return tmux.running
    ? `tmux ● -L ${tmux.socket}, ${counted(tmux.sessions, 'session')}`
    : `tmux ○ -L ${tmux.socket}`;
}

function rigLines(rig: RigView, view: TownView, options: StatusOptions): readonly string[] {
  const { paint, columns, verbose } = options;
  if (rig.error !== undefined)
    return [rule(rig.name, options), `  ${paint.red('✖')} cannot be read: ${clip(rig.error, 120, columns)}`];
  const line = (agent: AgentView): string =>
    agentLine(agent, view.at, { paint, columns, unread: mailOf(view.mail, agent.address).count });
  const { shown, hidden } = splitIdle(rig.polecats, verbose);
  const rest = hidden.length === 0 ? '' : `  (idle: ${hidden.map(({ name }) => name).join(', ')})`;
  return [
    rule(rig.closed === undefined ? `${rig.name}/` : `${rig.name}/ (${rig.closed})`, options),
    ...mergeLines(rig, options),
    ...(rig.witness === undefined ? [] : [line(rig.witness)]),
    ...(rig.refinery === undefined ? [] : [line(rig.refinery)]),
    ...(rig.crew.length === 0 ? [] : [`Crew (${rig.crew.length})`, ...rig.crew.map(line)]),
    `Polecats (workers, ${rig.polecats.length})${rest}`,
    ...shown.map(line),
    ...queueLines(rig, options),
  ];
}

/** A screen has room for those who do something; idle workers need one line together. */
function splitIdle(polecats: readonly AgentView[], verbose: boolean) {
  const isQuiet = (agent: AgentView): boolean => !verbose && agent.state === 'idle' && !agent.running;
  return { shown: polecats.filter((agent) => !isQuiet(agent)), hidden: polecats.filter(isQuiet) };
}

function mergeLines({ merge }: RigView, { paint, columns }: StatusOptions): readonly string[] {
  const engine = merge.engine === 'off' ? paint.dim('engine off') : `engine ${merge.engine}`;
  const paused =
    merge.paused === undefined ? '' : paint.yellow(` paused: ${clip(merge.paused, 80, columns)}`);
  const count = merge.requests.length === 0 ? '' : `  MQ:${merge.requests.length}`;
  return [
    `Refinery (merge queue) ${engine}${count}${paused}`,
    ...merge.requests.map(
      ({ id, phase, issue, title, why }) =>
        `  ${id} ${phase} ${issue ?? ''} ${clip(title, 40, columns)}${why === '' ? '' : ` · ${clip(why, 80, columns)}`}`,
    ),
  ];
}

function queueLines({ queue }: RigView, { verbose, columns }: StatusOptions): readonly string[] {
  if (queue.length === 0) return [];
  const most = verbose ? queue.length : 5;
  const lines = queue
    .slice(0, most)
    .map(
      ({ bead, title, failures }) =>
        `  ${bead} ${clip(title, 50, columns)}${failures === 0 ? '' : ` · ${counted(failures, 'failed try', 'failed tries')}`}`,
    );
  const more = queue.length > most ? [`  and ${queue.length - most} more`] : [];
  return [`Waiting for a worker (${queue.length})`, ...lines, ...more];
}

function rule(title: string, { paint, columns }: StatusOptions): string {
  const text = `─── ${title} `;
  return paint.bold(text + '─'.repeat(Math.max(3, Math.min(columns, 80) - widthOf(text))));
}
