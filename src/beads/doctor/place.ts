import { dirname, join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import type { Processes } from '../../ports/processes.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import { readYaml, writeYaml } from '../place/config-yaml.ts';
import type { CheckReport } from './run.ts';

/** What lies around a database, and the machine that it is used on. */
export interface DoctorPlace {
  readonly files: Files;
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  /** The `.beads` folder. */
  readonly dir: string;
  readonly prefix: string;
  /** `_project_id` in the database; '' when it has none. */
  readonly projectId: string;
  /** Folder of our own `bd`. */
  readonly ownBin: string;
}

interface PlaceCheck {
  readonly name: string;
  readonly title: string;
  readonly severity: 'error' | 'warning';
  readonly detect: (place: DoctorPlace) => Promise<readonly string[]>;
  readonly remedy: string;
  /** Absent = people do it. */
  readonly fix?: (place: DoctorPlace) => Promise<void>;
}

const metadataOf = (place: DoctorPlace): string => join(place.dir, 'metadata.json');
const yamlOf = (place: DoctorPlace): string => join(place.dir, 'config.yaml');

const PROJECT_ID: PlaceCheck = {
  name: 'project-id',
  title: 'metadata.json names the project that the database belongs to',
  severity: 'error',
  remedy: "writes the database's own id into metadata.json",
  async detect(place) {
    const written = (await readJsonFile(place.files, metadataOf(place)))?.['project_id'];
    if (written === undefined || place.projectId === '' || written === place.projectId) return [];
    return [`metadata.json says ${JSON.stringify(written)}, the database ${place.projectId}`];
  },
  async fix(place) {
    const doc = await readJsonFile(place.files, metadataOf(place));
    const text = formatJson({ ...doc, project_id: place.projectId });
    await place.files.writeAtomic(metadataOf(place), text, { mode: 0o600 });
  },
};

const PRIVATE_FILES: PlaceCheck = {
  name: 'file-rights',
  title: 'metadata.json is readable for its owner only',
  severity: 'warning',
  remedy: 'sets its rights to 0600',
  async detect(place) {
    const mode = (await place.files.stat(metadataOf(place)))?.mode ?? 0o600;
    return (mode & 0o077) === 0 ? [] : [`metadata.json has the rights ${mode.toString(8)}`];
  },
  async fix(place) {
    const text = (await place.files.readText(metadataOf(place))) ?? '{}\n';
    await place.files.writeAtomic(metadataOf(place), text, { mode: 0o600 });
  },
};

const PREFIX_KEYS = ['prefix', 'issue-prefix'] as const;

const YAML_PREFIX: PlaceCheck = {
  name: 'config-prefix',
  title: 'config.yaml has the prefix of the database',
  severity: 'warning',
  remedy: "writes the database's prefix into config.yaml",
  async detect(place) {
    const yaml = readYaml((await place.files.readText(yamlOf(place))) ?? '');
    return PREFIX_KEYS.flatMap((key) => {
      const written = yaml.get(key);
      const isRight = written === undefined || written.replace(/-+$/, '') === place.prefix;
      return isRight ? [] : [`${key} is ${written}, the database has ${place.prefix}`];
    });
  },
  async fix(place) {
    let text = (await place.files.readText(yamlOf(place))) ?? '';
    for (const key of PREFIX_KEYS) {
      if (readYaml(text).has(key)) text = writeYaml(text, key, place.prefix);
    }
    await place.files.writeAtomic(yamlOf(place), text);
  },
};

const FIRST_ON_PATH: PlaceCheck = {
  name: 'bd-on-path',
  title: 'The first bd on PATH is this one',
  severity: 'warning',
  remedy: 'put the folder of this bd before the other one in PATH',
  async detect({ files, processes, env, ownBin }) {
    const first = await processes.which('bd', env['PATH'] ?? '');
    const real = first === undefined ? undefined : await files.realPath(first);
    if (first === undefined || real === undefined || dirname(real) === (await files.realPath(ownBin)))
      return [];
    const answer = await processes.run({ argv: [first, 'version'], env, timeoutMs: 10_000 });
    return /^bd version \S+ \(gt /.test(answer.stdout) ? [] : [`${first} is another bd`];
  },
};

const PLACE_CHECKS: readonly PlaceCheck[] = [PROJECT_ID, PRIVATE_FILES, YAML_PREFIX, FIRST_ON_PATH];

/** Looks at the files beside the database and at PATH; with `fix` repairs what is ours to repair. */
export async function runPlaceChecks(
  place: DoctorPlace,
  options: { readonly fix: boolean },
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const { name, title, severity, remedy, detect, fix } of PLACE_CHECKS) {
    const found = await detect(place);
    const isTried = found.length > 0 && options.fix && fix !== undefined;
    if (isTried) await fix(place);
    const left = isTried ? await detect(place) : found;
    const outcome = found.length === 0 ? 'ok' : left.length === 0 ? 'fixed' : severity;
    reports.push({
      name,
      title,
      remedy,
      outcome,
      found: left.length === 0 ? found : left,
      ...(fix === undefined ? { byHand: true } : {}),
    });
  }
  return reports;
}
