import { NotFoundError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';

/** `refs/gt/rescue/<rig>/<label>/<stamp>`; a submodule's own ref has a suffix: `<stamp>-<8 hex>`. */
export interface RescueName {
  readonly ref: string;
  readonly rig: string;
  /** The worker whose it was, or `refinery`. */
  readonly label: string;
  readonly stamp: string;
}

const ALL = 'refs/gt/rescue/';

/** @param label absent = all of the rig */
export function rescuePrefix(rig: Pick<Rig, 'name'>, label?: string): string {
  return label === undefined ? `${ALL}${rig.name}/` : `${ALL}${rig.name}/${label}/`;
}

/** `20301231T235959123Z`: sorts by time and is a legal part of a ref. */
export function rescueStamp(unixMs: number): string {
  return new Date(unixMs).toISOString().replaceAll(/[-:.]/g, '');
}

/** Unix milliseconds. */
export function timeOfStamp(stamp: string): number {
  return Date.parse(
    stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z.*$/, '$1-$2-$3T$4:$5:$6.$7Z'),
  );
}

/** undefined for a ref that is no rescue. */
export function parseRescueRef(ref: string): RescueName | undefined {
  const [rig, label, stamp, ...more] = ref.startsWith(ALL) ? ref.slice(ALL.length).split('/') : [];
  if (rig === undefined || label === undefined || stamp === undefined || more.length > 0) return undefined;
  return { ref, rig, label, stamp };
}

/** How people name it: `<rig>/<label>/<stamp>`. */
function shortName({ rig, label, stamp }: RescueName): string {
  return `${rig}/${label}/${stamp}`;
}

/** The one command that brings everything back into a folder of its own. */
export function readBackCommand(ref: string): string {
  const name = parseRescueRef(ref);
  return `gt rescue restore ${name === undefined ? ref : shortName(name)}`;
}

/** What people type: a full ref, `<rig>/<label>/<stamp>`, or `<rig>/<label>` for the newest one of that worker. */
export function parseRescueText(
  text: string,
): Omit<RescueName, 'ref' | 'stamp'> & { readonly stamp?: string } {
  const [rig = '', ...rest] = text.replace(ALL, '').split('/');
  const [label = '', stamp, ...more] = rest[0] === 'polecats' ? rest.slice(1) : rest;
  if (rig === '' || label === '' || more.length > 0) throw noSuchRescue(text);
  return { rig, label, ...(stamp === undefined ? {} : { stamp }) };
}

export function noSuchRescue(text: string): NotFoundError {
  return new NotFoundError({
    code: 'rescue.not-found',
    message: `there is no rescue '${text.slice(0, 120)}'`,
    hint: 'Run: gt rescue list',
  });
}
