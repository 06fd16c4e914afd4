import { messageOf } from '../../core/errors.ts';
import type { DoltAnswer, DoltProbe } from '../../ports/dolt-probe.ts';
import { readServerFacts } from './facts.ts';
import { errorMarks } from './failures.ts';
import { createDoltPool } from './pool.ts';

export interface DoltProbeOptions {
  readonly user: string;
  readonly password: string;
}

export function createDoltProbe(options: DoltProbeOptions): DoltProbe {
  return {
    async ask(port, timeoutMs) {
      const { user, password } = options;
      const pool = createDoltPool({
        host: '127.0.0.1',
        port,
        user,
        password,
        connectTimeoutMs: timeoutMs,
      });
      try {
        const facts = await pool.withConnection(undefined, readServerFacts);
        return { kind: 'dolt', facts };
      } catch (error) {
        return classify(error);
      } finally {
        await pool.close();
      }
    },
  };
}

function classify(error: unknown): DoltAnswer {
  const why = messageOf(error);
  return errorMarks(error).code === 'ECONNREFUSED' ? { kind: 'silent', why } : { kind: 'foreign', why };
}
