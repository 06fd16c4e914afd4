import { RefusedError, UnavailableError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Ipc } from '../../src/ports/ipc.ts';

export interface FakeIpc extends Ipc {
  /** Requests that were sent, also those that nobody answered. */
  readonly requests: readonly { readonly path: string; readonly message: unknown }[];
}

type Answer = (message: unknown) => Promise<unknown>;

/** Sockets in memory. What travels is copied through JSON, as on the real ones. */
export function createFakeIpc({ clock }: { readonly clock: Clock }): FakeIpc {
  const servers = new Map<string, Answer>();
  const requests: { readonly path: string; readonly message: unknown }[] = [];
  return {
    requests,
    request: async (path, message, timeoutMs) => {
      requests.push({ path, message });
      const answer = servers.get(path);
      if (answer === undefined) throw noAnswer(path, 'nobody listens there');
      const late = new AbortController();
      const answered = answer(copy(message)).then(
        (value) => ({ value: copy(value) }),
        (error: unknown) => ({
          value: { ok: false, error: error instanceof Error ? error.message : String(error) },
        }),
      );
      const result = await Promise.race([
        answered,
        clock.sleep(timeoutMs, late.signal).then(() => undefined),
      ]);
      late.abort();
      if (result === undefined) throw noAnswer(path, `no answer within ${timeoutMs} ms`);
      return result.value;
    },
    serve: async (path, answer) => {
      if (servers.has(path)) {
        throw new RefusedError({ code: 'ipc.in-use', message: `another process listens on ${path}` });
      }
      servers.set(path, answer);
      return {
        [Symbol.asyncDispose]: async () => void servers.delete(path),
      };
    },
  };
}

function copy(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}

function noAnswer(path: string, why: string): UnavailableError {
  return new UnavailableError({ code: 'ipc.no-answer', message: `no answer from ${path}: ${why}` });
}
