import { parsePrefix } from '../core/names.ts';
import type { Prefix, RigName } from '../core/names.ts';

const PLACE_SUFFIX = /^(.+?)(town|ville|port|place|land|field|wood|ford)$/;

/**
 * The bead prefix that a rig gets when nobody names one: initials of the name's words (`_`, camelCase, or a
 * place suffix: gastown → gt), else the name itself up to 3 letters, else its first 2. UsageError
 * `rig.bad-prefix` when that is none (a name of digits).
 */
export function derivePrefix(name: RigName): Prefix {
  const bare = name.replace(/[-_](?:py|go)$/i, '');
  const words = wordsOf(bare);
  if (words.length >= 2)
    return parsePrefix(
      words
        .map((word) => word.charAt(0))
        .join('')
        .toLowerCase(),
    );
  const lower = bare.replaceAll('_', '').toLowerCase();
  return parsePrefix(lower.length <= 3 ? lower : lower.slice(0, 2));
}

function wordsOf(name: string): readonly string[] {
  const parts = name.split(/[-_]+/).filter((part) => part !== '');
  if (parts.length >= 2) return parts;
  const camel = name.split(/(?<=[a-z0-9])(?=[A-Z])/);
  if (camel.length >= 2) return camel;
  const place = PLACE_SUFFIX.exec(name.toLowerCase());
  return place === null ? [name] : [place[1] ?? '', place[2] ?? ''];
}
