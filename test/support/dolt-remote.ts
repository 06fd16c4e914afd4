import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { doltFolder, freePort } from './dolt.ts';

export interface ForeignDolt {
  readonly port: number;
  /** Where other servers push to and clone from: the database `depot`. */
  readonly url: string;
  /** PEM of its certificate when it speaks TLS only. */
  readonly ca: string | undefined;
  dispose(): Promise<void>;
}

export interface ForeignOptions {
  readonly user: string;
  readonly password: string;
  readonly transport: 'plain' | 'tls';
}

/** A Dolt server of somebody else: one user with a password, its own data, a remotesapi port, no gt around it. */
export async function startForeignDolt(options: ForeignOptions): Promise<ForeignDolt> {
  const { user, password, transport } = options;
  const root = mkdtempSync(join(tmpdir(), 'gt-foreign-'));
  const [port, api] = [await freePort(), await freePort()];
  const ca = transport === 'tls' ? makeCertificate(root) : undefined;
  const config = join(root, 'config.yaml');
  writeFileSync(config, configText({ root, port, api, isSecure: ca !== undefined }));
  const dolt = join(doltFolder ?? '', 'dolt');
  const env = { HOME: root, PATH: process.env['PATH'] ?? '', GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '' };
  mkdirSync(join(root, '.dolt'));
  mkdirSync(join(root, 'data'));
  writeFileSync(
    join(root, '.dolt/config_global.json'),
    '{"metrics.disabled":"true","user.name":"f","user.email":"f@e.x"}',
  );
  const child = spawn(dolt, ['sql-server', '--config', config], { cwd: root, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const root = { host: '127.0.0.1', port, user: 'root', ...(ca === undefined ? {} : { ssl: { ca } }) };
    const session = await patiently(() => mysql.createConnection(root));
    await session.query('CREATE USER ?@? IDENTIFIED BY ?', [user, '%', password]);
    await session.query('GRANT ALL ON *.* TO ?@? WITH GRANT OPTION', [user, '%']);
    await session.query('CREATE DATABASE depot');
    await session.end();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { port, url: `http://127.0.0.1:${api}/depot`, ca, dispose };
}

function makeCertificate(root: string): string {
  const [key, cert] = [join(root, 'key.pem'), join(root, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=gt-test'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...words, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return readFileSync(cert, 'utf8');
}

function configText(server: {
  readonly root: string;
  readonly port: number;
  readonly api: number;
  readonly isSecure: boolean;
}): string {
  const { root, port, api, isSecure } = server;
  const tls = `  tls_key: ${join(root, 'key.pem')}\n  tls_cert: ${join(root, 'cert.pem')}\n  require_secure_transport: true\n`;
  return `log_level: error
data_dir: ${join(root, 'data')}
listener:
  host: 127.0.0.1
  port: ${port}
${isSecure ? tls : ''}remotesapi:
  port: ${api}
`;
}

/** Until the server accepts; a server that never does fails with its last answer. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 200; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
