import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { RefusedError } from '../../core/errors.ts';
import { makeSocketPlace } from './socket-place.ts';

export interface ListenOptions {
  readonly path: string;
  /** XDG_RUNTIME_DIR, for paths that are too long. */
  readonly runtimeDir: string | undefined;
  readonly onConnection: (socket: Socket) => void;
}

export interface Listener extends AsyncDisposable {
  /** Stops listening, removes the socket and cuts what is still connected. */
  close(): Promise<void>;
}

/** Listens with mode 0600 in a 0700 folder; a dead socket file is replaced. RefusedError `ipc.in-use`. */
export async function listenOn({ path, runtimeDir, onConnection }: ListenOptions): Promise<Listener> {
  const place = await makeSocketPlace(path, runtimeDir);
  if (await answers(place)) {
    throw new RefusedError({ code: 'ipc.in-use', message: `another process listens on ${path}` });
  }
  await rm(place, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A peer that goes away in mid-answer is its own business.
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  await listening(server, place);
  await chmod(place, 0o600);
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    if (place !== path) await rm(path, { force: true });
  };
  return { close, [Symbol.asyncDispose]: close };
}

function listening(server: Server, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Does somebody accept there? A file without a listener is left from a killed process. */
function answers(place: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const finish = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', finish(true));
    socket.once('error', finish(false));
  });
}
