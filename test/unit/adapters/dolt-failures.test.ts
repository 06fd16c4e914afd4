import { expect, it } from 'vitest';
import { translateError } from '../../../src/adapters/dolt/errors.ts';
import { failureKind } from '../../../src/adapters/dolt/failures.ts';
import { UnavailableError } from '../../../src/core/errors.ts';

function driverError(facts: { code?: string; errno?: number; message?: string }): Error {
  return Object.assign(new Error(facts.message ?? 'x'), facts);
}

it.each([
  ['conflict', { errno: 1213 }],
  ['conflict', { errno: 1205 }],
  ['conflict', { errno: 1105, message: 'serialization failure: this transaction conflicts' }],
  ['conflict', { errno: 1105, message: 'optimistic lock failed on database Root update' }],
  ['conflict', { errno: 1105, message: 'cannot update manifest: file is locked' }],
  ['connection', { code: 'ECONNREFUSED' }],
  ['connection', { code: 'PROTOCOL_CONNECTION_LOST' }],
  ['connection', { code: 'ETIMEDOUT' }],
  ['connection', { errno: 1105, message: 'database hq is read only' }],
  ['connection', { errno: 1105, message: 'no root value found in session' }],
  ['connection', { errno: 1049, message: 'database not found: hq' }],
  ['connection', { message: "Can't add new command when connection is in closed state" }],
  ['other', { errno: 1062, message: 'duplicate primary key given: [a]' }],
  ['other', { errno: 1062, message: 'duplicate primary key given: [fx-read-only]' }],
  ['other', { errno: 1146, message: 'table not found: read only' }],
  ['other', { errno: 1105, message: "string 'read only' is too large for column 'a'" }],
  ['other', { errno: 1105, message: 'something of Dolt' }],
  ['other', { message: 'an error of the work itself' }],
] as const)('is a %s: %o', (kind, facts) => {
  expect(failureKind(driverError(facts))).toBe(kind);
});

it('takes our own errors for understood, whatever their words', () => {
  const ours = new UnavailableError({ code: 'store.busy', message: 'database is read only' });
  expect(failureKind(ours)).toBe('other');
  expect(translateError(ours, 'here', 'hq')).toBe(ours);
});

it.each([
  ['store.duplicate', { errno: 1062 }],
  ['store.constraint', { errno: 1048 }],
  ['store.constraint', { errno: 1105, message: "string 'xxx' is too large for column 'id'" }],
  ['store.no-database', { errno: 1049 }],
  ['store.unavailable', { code: 'ECONNRESET' }],
  ['store.unavailable', { errno: 1045, message: 'Access denied for user' }],
  ['store.busy', { errno: 1213 }],
  ['store.failed', { errno: 1105, message: 'something of Dolt' }],
  ['bug.sql', { errno: 1064 }],
] as const)('becomes %s: %o', (code, facts) => {
  expect(translateError(driverError(facts), '127.0.0.1:1', 'hq')).toMatchObject({ code });
});
