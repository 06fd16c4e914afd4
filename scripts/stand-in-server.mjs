// A server that speaks enough of MySQL's protocol for our programs to be run against while dist/ is built.
import { once } from 'node:events';
import mysql from 'mysql2';

const TEXT = 253;
const UTF8 = 45;
/** What LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION and PLUGIN_AUTH together are. */
const CAPABILITIES = 0x0008_a201;
const NUMBER = 3;

/** Statements that expect a row; all others find nothing. */
const ANSWERS = [
  [/^SELECT schema_name/, { name: 'warm', id: 'stand-in', data_dir: '/', version: '1.88.1' }],
  [/AS schema_version/, { schema_version: 49, unversioned: 8, project_id: 'stand-in', prefix: 'w' }],
  [/GET_LOCK/, { taken: 1 }],
  [/RELEASE_LOCK/, { freed: 1 }],
];

/** @returns what metadata.json says of it in a `.beads` folder that leads there, and how it ends */
export async function startStandIn() {
  const server = mysql.createServer();
  const open = new Set();
  server.on('connection', (connection) => {
    open.add(connection);
    connection.on('error', () => open.delete(connection));
    greet(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server._server, 'listening');
  return {
    metadata: {
      database: 'dolt',
      backend: 'dolt',
      dolt_mode: 'server',
      dolt_server_host: '127.0.0.1',
      dolt_server_port: server._server.address().port,
      dolt_database: 'warm',
      project_id: 'stand-in',
    },
    close() {
      for (const connection of open) connection.stream.destroy();
      server.close();
    },
  };
}

function greet(connection) {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: '8.0.33',
    connectionId: 1,
    statusFlags: 2,
    characterSet: UTF8,
    capabilityFlags: CAPABILITIES,
    authCallback(_, done) {
      done(null);
      connection._resetSequenceId();
    },
  });
  // The library takes SET for the preparation of a statement.
  for (const event of ['query', 'stmt_prepare']) {
    connection.on(event, (sql) => {
      answer(connection, sql);
      connection._resetSequenceId();
    });
  }
}

function answer(connection, sql) {
  if (!/^\s*(?:SELECT|SHOW|CALL)/i.test(sql)) return connection.writeOk({ affectedRows: 1 });
  const row = ANSWERS.find(([pattern]) => pattern.test(sql))?.[1] ?? beadOf(sql);
  connection.writeColumns(Object.entries(row ?? { none: '' }).map(columnOf));
  if (row !== undefined) connection.writeTextRow(Object.values(row).map(String));
  connection.writeEof();
}

/** A row with every column that a list of beads asks for. */
function beadOf(sql) {
  const columns = /AS list, ('\w+' AS bead_table, .*?) FROM/.exec(sql)?.[1];
  if (columns === undefined) return undefined;
  const names = columns.split(', ').map((column) => column.split(/[ .]/).at(-1));
  return { list: 0, ...Object.fromEntries(names.map((name) => [name, BEAD[name] ?? ''])) };
}

const TIME = '2026-03-01 12:00:00';
const BEAD = {
  bead_table: 'issues',
  id: 'w-a',
  title: 'First',
  status: 'open',
  issue_type: 'task',
  metadata: '{}',
  priority: 2,
  created_at: TIME,
  updated_at: TIME,
};

function columnOf([name, value]) {
  return {
    catalog: 'def',
    schema: '',
    table: '',
    orgTable: '',
    name,
    orgName: name,
    characterSet: UTF8,
    columnLength: 255,
    columnType: typeof value === 'number' ? NUMBER : TEXT,
    flags: 0,
    decimals: 0,
  };
}
