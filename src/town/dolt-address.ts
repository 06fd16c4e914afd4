import { join } from 'node:path';
import { RefusedError } from '../core/errors.ts';
import type { TownPorts } from '../ports/index.ts';
import { DEFAULT_DOLT } from './beads-files.ts';
import { readJsonFile, valueAt, type JsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

/** Where the town's Dolt server is and who we are there. */
export interface DoltAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Encrypted and proven by certificate, by this authority's (PEM) or the system's; undefined = in the clear. */
  readonly tls: { readonly ca?: string } | undefined;
  /** A server on this machine is ours to start, prove and stop; any other is only used. */
  readonly isLocal: boolean;
}

/** What reading the address needs; every TownContext fits. */
export interface DoltAddressTown {
  readonly paths: Pick<TownPaths, 'doltDir' | 'daemonConfigFile'>;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Pick<TownPorts, 'files'>;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * The one source of the port: the configuration of the server that runs (config.yaml), else GT_DOLT_PORT, else
 * daemon.json, else 3307. Throws RefusedError `store.test-port` in tests on the port of real towns.
 */
export async function readDoltAddress(town: DoltAddressTown): Promise<DoltAddress> {
  const { address, inherited } = await readSettings(town);
  const configured = address.isLocal ? await readConfiguredPort(town) : undefined;
  return checkTestPort(town.env, { ...address, port: configured ?? inherited ?? DEFAULT_DOLT.port });
}

/** The address for the next start: what daemon.json asks for now comes before the old configuration. */
export async function readWantedDoltAddress(town: DoltAddressTown): Promise<DoltAddress> {
  const { address, inherited, wanted } = await readSettings(town);
  const port = wanted ?? (await readConfiguredPort(town)) ?? inherited ?? DEFAULT_DOLT.port;
  return checkTestPort(town.env, { ...address, port });
}

export function doltConfigFile(paths: Pick<TownPaths, 'doltDir'>): string {
  return join(paths.doltDir, 'config.yaml');
}

/** A server here is ours to start; one elsewhere is only used. */
export function isLocalDolt(host: string): boolean {
  return LOOPBACK.has(host);
}

/** The variables that lead gt, bd and the Go gt of a child to this server, and keep bd from starting its own. */
export function doltChildEnv(address: DoltAddress): Record<string, string> {
  const port = String(address.port);
  return {
    GT_DOLT_PORT: port,
    BEADS_DOLT_PORT: port,
    BEADS_DOLT_SERVER_PORT: port,
    BEADS_DOLT_SERVER_HOST: address.host,
    BEADS_DOLT_AUTO_START: '0',
    ...(address.isLocal ? {} : remoteEnv(address)),
  };
}

function remoteEnv({ host, user, password, tls }: DoltAddress): Record<string, string> {
  const secret = password === '' ? {} : { GT_DOLT_PASSWORD: password, BEADS_DOLT_PASSWORD: password };
  const safe: Record<string, string> =
    tls === undefined ? {} : { GT_DOLT_TLS: '1', BEADS_DOLT_SERVER_TLS: '1' };
  return { GT_DOLT_HOST: host, GT_DOLT_USER: user, BEADS_DOLT_SERVER_USER: user, ...secret, ...safe };
}

async function readSettings(town: DoltAddressTown): Promise<{
  readonly address: Omit<DoltAddress, 'port'>;
  readonly inherited: number | undefined;
  readonly wanted: number | undefined;
}> {
  const daemon = (await readJsonFile(town.ports.files, town.paths.daemonConfigFile)) ?? {};
  const setting = (name: string): string => town.env[name] || daemonEnv(daemon, name);
  const host = setting('GT_DOLT_HOST') || DEFAULT_DOLT.host;
  return {
    address: {
      host,
      user: setting('GT_DOLT_USER') || 'root',
      password: setting('GT_DOLT_PASSWORD'),
      tls: await readTls(town.ports.files, setting('GT_DOLT_TLS'), setting('GT_DOLT_TLS_CA')),
      isLocal: isLocalDolt(host),
    },
    inherited: parsePort(setting('GT_DOLT_PORT')),
    wanted: parsePort(daemonEnv(daemon, 'GT_DOLT_PORT')),
  };
}

/** @param wanted `1` or `true`; a file for the authority alone turns it on too */
export async function readTls(
  files: Pick<TownPorts['files'], 'readText'>,
  wanted: string,
  file: string,
): Promise<DoltAddress['tls']> {
  if (file === '') return /^(?:1|true)$/i.test(wanted) ? {} : undefined;
  const ca = await files.readText(file);
  if (ca !== undefined) return { ca };
  throw new RefusedError({
    code: 'store.no-certificate',
    message: `the certificate file ${file} is not there`,
    hint: 'Set GT_DOLT_TLS_CA (for bd BEADS_DOLT_TLS_CA) to the PEM file of the authority',
  });
}

function daemonEnv(daemon: JsonObject, name: string): string {
  const value = valueAt(daemon, ['env', name]);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** `port:` of the `listener:` block of our own configuration file. */
async function readConfiguredPort(town: DoltAddressTown): Promise<number | undefined> {
  const text = await town.ports.files.readText(doltConfigFile(town.paths));
  const [, block = ''] = /^listener:[^\n]*\n((?:[ \t]+[^\n]*\n?)*)/m.exec(text ?? '') ?? [];
  return parsePort(/^[ \t]+port:[ \t]*["']?(\d+)/m.exec(block)?.[1] ?? '');
}

function parsePort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}

function checkTestPort(env: Readonly<Record<string, string>>, address: DoltAddress): DoltAddress {
  const isTest = env['GT_TEST'] === '1' || env['BEADS_TEST_MODE'] === '1';
  if (!isTest || address.port !== DEFAULT_DOLT.port) return address;
  throw new RefusedError({
    code: 'store.test-port',
    message: `a test must not use port ${address.port}: real towns live there`,
    hint: 'Set GT_DOLT_PORT to a free port',
  });
}
