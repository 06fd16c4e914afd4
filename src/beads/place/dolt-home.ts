import { join } from 'node:path';
import { RefusedError } from '../../core/errors.ts';
import type { Files } from '../../ports/files.ts';
import { readTls, type DoltAddress } from '../../town/dolt-address.ts';
import { DEFAULT_DOLT } from '../../town/beads-files.ts';
import type { JsonObject } from '../../town/json-file.ts';
import { readYaml } from './config-yaml.ts';

/** A database on a Dolt server that belongs to no town. */
export interface DoltHome extends Omit<DoltAddress, 'isLocal'> {
  readonly kind: 'dolt';
  readonly dir: string;
  readonly database: string;
  /** What metadata.json says the database is; '' = it does not. */
  readonly projectId: string;
}

export interface DoltHomeFiles {
  readonly files: Files;
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  /** Its metadata.json. */
  readonly doc: JsonObject;
}

/** Where that server is, by the order of bd (spec 02 §6). Throws RefusedError `beads.embedded-dolt`. */
export async function readDoltHome({ files, env, dir, doc }: DoltHomeFiles): Promise<DoltHome> {
  const mode = text(doc['dolt_mode']) || 'embedded';
  if (mode !== 'server') throw embedded(dir, mode);
  const [portFile, yamlFile] = await Promise.all(
    ['dolt-server.port', 'config.yaml'].map((name) => files.readText(join(dir, name))),
  );
  const yaml = readYaml(yamlFile ?? '');
  const first = (...values: readonly unknown[]): string =>
    values.map(text).find((value) => value !== '') ?? '';
  return {
    kind: 'dolt',
    dir,
    host: first(
      env['BEADS_DOLT_SERVER_HOST'],
      doc['dolt_server_host'],
      yaml.get('dolt.host'),
      DEFAULT_DOLT.host,
    ),
    port: Number(
      first(
        env['BEADS_DOLT_SERVER_PORT'],
        env['BEADS_DOLT_PORT'],
        portFile?.trim(),
        yaml.get('dolt.port'),
        doc['dolt_server_port'],
        DEFAULT_DOLT.port,
      ),
    ),
    user: first(env['BEADS_DOLT_SERVER_USER'], doc['dolt_server_user'], 'root'),
    password: env['BEADS_DOLT_PASSWORD'] ?? '',
    tls: await readTls(
      files,
      first(env['BEADS_DOLT_SERVER_TLS'], doc['dolt_server_tls']),
      env['BEADS_DOLT_TLS_CA'] ?? '',
    ),
    database: first(env['BEADS_DOLT_SERVER_DATABASE'], doc['dolt_database'], 'beads'),
    projectId: text(doc['project_id']),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || value === true ? String(value) : '';
}

function embedded(dir: string, mode: string): RefusedError {
  return new RefusedError({
    code: 'beads.embedded-dolt',
    message: `${dir} holds an ${mode} Dolt database, which only the program that made it can open`,
    hint: 'With that program: bd export -o beads.jsonl. Then here: mv .beads .beads-old, bd init, bd import beads.jsonl',
  });
}
