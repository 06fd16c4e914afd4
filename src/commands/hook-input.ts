import type { AppContext } from '../context.ts';
import { parseHookPayload } from '../hooks/hook-payload.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';

/** A runtime sends it at once; a hand that types the command sends nothing, and may never close the stream. */
const WAIT_MS = 500;

/** What the runtime that called this says on standard input. */
export async function readHookInput(app: AppContext): Promise<HookPayload> {
  const silence = app.machine.clock.sleep(WAIT_MS).then(() => '');
  return parseHookPayload(await Promise.race([app.stdin(), silence]));
}
