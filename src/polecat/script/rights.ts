import { parseAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';

/** Who may have set a script: people and crew. Anything else, also a text that names nobody, may not (DESIGN D12). */
export function mayOrderScript(by: string): boolean {
  try {
    const { role } = parseAddress(by);
    return role === 'overseer' || role === 'crew';
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
