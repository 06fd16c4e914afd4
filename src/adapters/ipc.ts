import type { Socket } from 'node:net';
import { messageOf } from '../core/errors.ts';
import type { Ipc } from '../ports/ipc.ts';
import { dial } from './ipc/dial.ts';
import { FirstLine } from './ipc/lines.ts';
import { listenOn } from './ipc/listen.ts';

const MAX_REQUEST = 1024 * 1024;

export interface IpcOptions {
  /** XDG_RUNTIME_DIR: where sockets go whose own path is too long for the system. */
  readonly runtimeDir?: string | undefined;
}

/** One JSON line each way over Unix sockets; one request per connection. */
export function createIpc({ runtimeDir }: IpcOptions = {}): Ipc {
  return {
    request: async (path, message, timeoutMs) => {
      const { answer, socket } = await dial(path, message, timeoutMs);
      socket.destroy();
      return answer;
    },
    serve: (path, answer) =>
      listenOn({
        path,
        runtimeDir,
        onConnection: (socket) =>
          readRequest(socket, async (message) => reply(socket, await answer(message))),
      }),
  };
}

/** Reads one request line and hands it on; what makes no sense is answered with an error and closed. */
export function readRequest(socket: Socket, handle: (message: unknown, rest: Buffer) => Promise<void>): void {
  const reader = new FirstLine(MAX_REQUEST);
  const refuse = (error: unknown): void => reply(socket, { ok: false, error: messageOf(error) });
  const onData = (chunk: Buffer): void => {
    try {
      const done = reader.push(chunk);
      if (done === undefined) return;
      socket.removeListener('data', onData);
      socket.pause();
      handle(JSON.parse(done.line), done.rest).catch(refuse);
    } catch (error) {
      socket.removeListener('data', onData);
      refuse(error);
    }
  };
  socket.on('data', onData);
}

function reply(socket: Socket, message: unknown): void {
  socket.end(`${JSON.stringify(message)}\n`);
}
