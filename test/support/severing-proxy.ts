import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** A TCP proxy that can break a connection exactly around one statement. */
export interface SeveringProxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts the next connection that sends `statement`: `before` the server sees it, or `after` it has answered. */
  severAt(statement: string, moment: 'before' | 'after'): void;
}

export async function startSeveringProxy(targetPort: number): Promise<SeveringProxy> {
  let trap: { readonly statement: string; readonly moment: 'before' | 'after' } | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    let cutting = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', cut).on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk) => {
      const sprung = trap !== undefined && chunk.includes(trap.statement) ? trap.moment : undefined;
      if (sprung !== undefined) trap = undefined;
      if (sprung === 'before') return cut();
      cutting ||= sprung === 'after';
      return void upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (cutting ? cut() : void client.write(chunk)));
  });
  const port = await listen(server);
  return {
    port,
    severAt(statement, moment) {
      trap = { statement, moment };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
