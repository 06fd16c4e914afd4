import type { Socket } from 'node:net';
import { unreachable } from '../core/errors.ts';
import { parseRequest } from '../adapters/panes/protocol.ts';
import type { PaneReply, PaneRequest } from '../adapters/panes/protocol.ts';
import { keyBytes } from './answer-dialog.ts';
import type { Life } from './life.ts';
import { STOP_ASKED } from '../ports/panes.ts';
import type { PaneState } from '../ports/panes.ts';
import type { Size } from './screen.ts';

/** What the operations need of the host. */
export interface HostControl {
  readonly life: Life;
  state(): PaneState;
  /** Begins the orderly end; does not wait for it. */
  stop(reason: string): void;
  /** Ends this life and begins the one that start.json describes; a reason when it does not. */
  restart(spawn: number): string | undefined;
  resize(size: Size): void;
  attach(socket: Socket, size: Size, keys: Uint8Array): string | undefined;
  subscribe(socket: Socket): void;
}

/** Answers one request of a client (DESIGN §4a); attach and subscribe keep the connection. */
export async function answerRequest(
  host: HostControl,
  message: unknown,
  socket: Socket,
  rest: Uint8Array,
): Promise<void> {
  const request = parseRequest(message);
  if (request === undefined)
    return reply(socket, { ok: false, code: 'bad-request', error: 'no such operation' });
  const stale = whyStale(host, request);
  if (stale !== undefined) return reply(socket, { ok: false, code: 'stale', error: stale });
  if (request.op === 'attach') return attach(host, request, socket, rest);
  if (request.op !== 'subscribe') return reply(socket, await answer(host, request));
  socket.write(line({ ok: true, state: host.state() }));
  return host.subscribe(socket);
}

/** A message about another start of the session says nothing about this one (DESIGN D10). */
function whyStale({ life }: HostControl, { op, spawn }: PaneRequest): string | undefined {
  if (op === 'restart')
    return spawn > life.spawn ? undefined : `start ${spawn} is not newer than ${life.spawn}`;
  return spawn === life.spawn ? undefined : `this is start ${life.spawn}, not ${spawn}`;
}

type Answerable = Exclude<PaneRequest, { readonly op: 'attach' } | { readonly op: 'subscribe' }>;

async function answer(host: HostControl, request: Answerable): Promise<PaneReply> {
  const { agent, injector } = host.life;
  switch (request.op) {
    case 'state':
      return { ok: true, state: host.state() };
    case 'screen':
      await agent.screen.settled();
      return { ok: true, text: agent.screen.tail(request.lines) };
    case 'inject':
      return { ok: true, ...(await injector.inject(request)) };
    case 'key':
      return pressKey(host.life, request);
    case 'ready':
      host.life.tellReady(request.conversation);
      return { ok: true };
    case 'resize':
      host.resize(request);
      return { ok: true };
    case 'stop':
      host.stop(STOP_ASKED);
      return { ok: true };
    case 'restart':
      return outcome(host.restart(request.spawn));
    default:
      return unreachable(request, 'pane operation');
  }
}

/** A single key is for menus and empty prompts: into running work it could be an abort. */
function pressKey({ agent }: Life, { key }: Extract<PaneRequest, { readonly op: 'key' }>): PaneReply {
  const { phase } = agent.watch;
  if (phase !== 'dialog' && phase !== 'idle') return outcome(`the agent is ${phase}`);
  if (agent.human) return outcome('a person is typing');
  agent.type(keyBytes(key, agent.screen.modes()));
  return { ok: true };
}

function attach(host: HostControl, { columns, rows }: Size, socket: Socket, keys: Uint8Array): void {
  const refused = host.attach(socket, { columns, rows }, keys);
  if (refused !== undefined) reply(socket, { ok: false, code: 'refused', error: refused });
}

function outcome(refused: string | undefined): PaneReply {
  return refused === undefined ? { ok: true } : { ok: false, code: 'refused', error: refused };
}

export function line(message: PaneReply): string {
  return `${JSON.stringify(message)}\n`;
}

function reply(socket: Socket, message: PaneReply): void {
  socket.end(line(message));
}
