import { oneLine } from '../../core/text.ts';
import type { KeyExplanation, PlaceReport } from '../../rig/explain.ts';
import type { Paint } from './paint.ts';

const MARK: Readonly<Record<PlaceReport['state'], string>> = {
  acts: '→',
  overruled: ' ',
  blocks: '✖',
  silent: ' ',
};
const SAYS: Readonly<Record<PlaceReport['state'], string>> = {
  acts: '',
  overruled: ' (overruled)',
  blocks: 'blocked: what comes below does not count',
  silent: 'says nothing',
};

/** `gt config explain`. */
export function renderExplanation(
  key: KeyExplanation,
  { root, paint }: { readonly root: string; readonly paint: Paint },
): string {
  const isDefault = key.places.every(({ state }) => state !== 'acts');
  const fact = (title: string, text: string): string => `  ${title.padEnd(10)} ${text}`;
  return [
    `${paint.bold(key.key)} (${key.noun}${key.rig === undefined ? '' : ` of ${key.rig}`})`,
    fact('value', key.problem === undefined ? shown(key.text) : paint.red(`none: ${key.problem}`)),
    fact('default', shown(key.fallback)),
    fact('changes', key.summary),
    ...(key.inert ? [fact('', 'nothing here reads it: it is kept for the Go gt')] : []),
    fact('takes', key.expects),
    fact('places', key.sums ? 'what they say is added up' : 'the first that says something counts'),
    ...key.places.map((place) => `    ${placeLine(place, root)}`),
    `    ${isDefault ? '→' : ' '} default: ${shown(key.fallback)}`,
    fact('change it', `${key.set} <value>`),
    ...(isSetHere(key) ? [fact('undo it', key.unset)] : []),
  ].join('\n');
}

/** The first place is the one that the commands write. */
function isSetHere({ places: [own] }: KeyExplanation): boolean {
  return own !== undefined && own.state !== 'silent';
}

export function placeLine({ place, line, raw, state }: PlaceReport, root: string): string {
  const where = place.startsWith(`${root}/`) ? place.slice(root.length + 1) : place;
  const value = raw === undefined ? '' : typeof raw === 'string' ? raw : JSON.stringify(raw);
  return `${MARK[state]} ${where}${line === undefined ? '' : `:${line}`}: ${shown(value, SAYS[state])}`;
}

function shown(text: string, more = ''): string {
  if (text === '') return more === '' ? 'not set' : more.trim();
  return `${oneLine(text, 200)}${more}`;
}
