import type { Socket } from 'node:net';
import { RefusedError, UsageError } from '../../core/errors.ts';
import type { AttachEnd } from '../../ports/panes.ts';
import { dial } from '../ipc/dial.ts';
import { TAKEN_MARK, type PaneReply, type PaneRequest } from './protocol.ts';

/** ^] as telnet and docker's kin use it: no agent is known to need it. */
const DETACH = 0x1d;
const ANSWER_MS = 5000;
/** Undoes what an agent may have switched on in this terminal. */
const RESET =
  '\u001B[?1049l\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1006l\u001B[?2004l\u001B[?1l\u001B[?25h\u001B[0m\r\n';

/**
 * Connects this process's terminal to a host that runs without tmux: keys go there, the screen comes here.
 * UsageError `attach.no-terminal`, RefusedError `attach.refused`.
 */
export async function attachTerminal(path: string, spawn: number): Promise<AttachEnd> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UsageError({
      code: 'attach.no-terminal',
      message: 'attach needs a terminal',
      hint: 'To only read the screen run: gt peek <agent>',
    });
  }
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  const request: PaneRequest = { op: 'attach', spawn, ...size() };
  const { answer, socket, rest } = await dial(path, request, ANSWER_MS);
  const reply = answer as PaneReply;
  if (!reply.ok) {
    socket.destroy();
    throw new RefusedError({ code: 'attach.refused', message: `cannot attach: ${reply.error}` });
  }
  stdout.write('\u001B[2J\u001B[H');
  stdout.write(rest);
  const resized = (): void => {
    void resize(path, { op: 'resize', spawn, ...size() });
  };
  stdout.on('resize', resized);
  stdin.setRawMode(true);
  try {
    return await passThrough(socket);
  } finally {
    stdout.removeListener('resize', resized);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(RESET);
    socket.destroy();
  }
}

/** A size that did not arrive shows wrongly until the next change; it must not end the session. */
async function resize(path: string, request: PaneRequest): Promise<void> {
  try {
    const { socket } = await dial(path, request, ANSWER_MS);
    socket.destroy();
  } catch {
    // The passing stream ends by itself when the host is gone.
  }
}

function passThrough(socket: Socket): Promise<AttachEnd> {
  const { stdin, stdout } = process;
  return new Promise((resolve) => {
    const finish = (end: AttachEnd): void => {
      stdin.removeListener('data', onKeys);
      resolve(end);
    };
    const onKeys = (bytes: Buffer): void => {
      const at = bytes.indexOf(DETACH);
      if (at < 0) socket.write(bytes);
      else {
        socket.write(bytes.subarray(0, at));
        finish('detached');
      }
    };
    let tail = '';
    socket.on('data', (bytes: Buffer) => {
      tail = (tail + bytes.subarray(-TAKEN_MARK.length).toString('latin1')).slice(-TAKEN_MARK.length);
      if (!stdout.write(bytes)) {
        socket.pause();
        stdout.once('drain', () => socket.resume());
      }
    });
    socket.once('close', () => finish(tail === TAKEN_MARK ? 'taken' : 'ended'));
    stdin.on('data', onKeys);
    stdin.resume();
    socket.resume();
  });
}
