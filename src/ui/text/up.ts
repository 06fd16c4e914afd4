import { ON_DEMAND, type UpService } from '../../watchdog/up.ts';
import type { Paint } from './paint.ts';

export function renderUp(
  services: readonly UpService[],
  { paint, quiet }: { readonly paint: Paint; readonly quiet: boolean },
): string {
  const shown = services.filter(({ ok, detail }) => (quiet ? !ok : detail !== ON_DEMAND));
  const lines = shown.map(({ name, rig, ok, detail }) => {
    const mark = ok ? paint.green('✓') : paint.red('✖');
    return `${mark} ${rig === undefined ? name : `${rig}/${name}`}: ${detail}`;
  });
  const failed = services.filter(({ ok }) => !ok).length;
  const last =
    failed === 0 ? 'The town is up. See it: gt status' : `${failed} of ${services.length} services failed`;
  return [...lines, ...(quiet && failed === 0 ? [] : [last])].join('\n');
}
