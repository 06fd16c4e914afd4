import type { KeyExplanation, PlaceReport } from '../../rig/explain.ts';
import { placeLine } from './explain-key.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

interface Properties {
  readonly rig: string;
  readonly keys: readonly KeyExplanation[];
  readonly root: string;
  /** Also what each place says. */
  readonly withLayers: boolean;
}

/** `gt rig config show`. */
export function renderProperties({ rig, keys, root, withLayers }: Properties, screen: Screen): string {
  if (withLayers) {
    return keys
      .flatMap(({ key, text, places }) => [
        `  ${key}: ${text === '' ? 'not set' : text}`,
        ...places.map((place) => `    ${placeLine(place, root)}`),
      ])
      .join('\n');
  }
  const table = renderTable(
    [
      { title: 'Property', value: ({ key }) => key },
      { title: 'Value', value: ({ text }) => (text === '' ? '-' : text) },
      { title: 'From', value: ({ places }) => fromOf(places, root) },
      { title: 'What it does', value: ({ summary }) => summary, flexible: true },
    ],
    keys,
    screen,
  );
  return `${table}\n\nChange one: gt rig config set ${rig} <property> <value>`;
}

function fromOf(places: readonly PlaceReport[], root: string): string {
  const from = places.filter(({ state }) => state === 'acts' || state === 'blocks');
  const names = from.map(({ place, state }) =>
    state === 'blocks' ? 'blocked' : place.replace(`${root}/`, ''),
  );
  return names.join(', ') || 'default';
}
