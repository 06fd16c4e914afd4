import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAgentBead } from '../../../src/beads/forms/agent-bead-id.ts';
import {
  addressForms,
  agentBeadIdOf,
  formatAddress,
  formatMailAddress,
  parseAddress,
  sessionOf,
} from '../../../src/core/address.ts';
import type { AgentAddress } from '../../../src/core/address.ts';
import {
  parseBeadId,
  parsePrefix,
  parseRigName,
  parseWorkerName,
  readWorkerName,
} from '../../../src/core/names.ts';
import type { RigName, WorkerName } from '../../../src/core/names.ts';
import { addressOfSession } from '../../../src/sessions/session-address.ts';

/** Rigs whose names and prefixes begin alike. */
const RIGS = [
  ['gt', 'gt'],
  ['gt_old', 'gt-old'],
  ['gastown', 'gt-o'],
  ['Shop', 'hq2'],
].map(([name = '', prefix = '']) => ({ name: parseRigName(name), prefix: parsePrefix(prefix) }));

const newName = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/).filter(isNewName);
const oldName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/).filter(isOldName);

function addresses(name: fc.Arbitrary<string>): fc.Arbitrary<AgentAddress> {
  const rig = fc.constantFrom(...RIGS.map((each) => each.name));
  const worker = (role: 'polecat' | 'crew') =>
    fc.tuple(rig, name).map(([own, text]): AgentAddress => ({ role, rig: own, name: readWorkerName(text) }));
  return fc.oneof(
    fc
      .constantFrom('overseer' as const, 'mayor' as const, 'deacon' as const, 'boot' as const)
      .map((role): AgentAddress => ({ role })),
    name.map((text): AgentAddress => ({ role: 'dog', name: readWorkerName(text) })),
    fc
      .tuple(fc.constantFrom('witness' as const, 'refinery' as const), rig)
      .map(([role, own]): AgentAddress => ({ role, rig: own })),
    worker('polecat'),
    worker('crew'),
  );
}

const anyAgent = addresses(fc.oneof(newName, oldName));
const newAgent = addresses(newName);

function prefixOf(address: AgentAddress) {
  const rig = 'rig' in address ? RIGS.find(({ name }) => name === address.rig) : undefined;
  return rig?.prefix ?? parsePrefix('hq');
}

describe('P18: an agent comes back out of every form of its name', () => {
  test('the stored form, however its slashes were written', () => {
    fc.assert(
      fc.property(anyAgent, (address) => {
        const text = formatAddress(address);
        for (const form of [text, text.replaceAll('/', '//'), `${text}/`, ` ${text} `])
          expect(parseAddress(form)).toEqual(address);
      }),
    );
  });

  test('all forms that rows may hold; the mail form of crew reads as a polecat of that name', () => {
    fc.assert(
      fc.property(anyAgent, (address) => {
        for (const form of addressForms(address)) {
          const isMail = form === formatMailAddress(address) && address.role === 'crew';
          const wanted = isMail ? { ...address, role: 'polecat' } : address;
          expect(parseAddress(form)).toEqual(wanted);
        }
      }),
    );
  });

  test('its session, also beside rigs whose prefixes begin alike', () => {
    fc.assert(
      fc.property(newAgent, (address) => {
        expect(addressOfSession(sessionOf(address, prefixOf(address)), RIGS)).toEqual(address);
      }),
    );
  });

  test('its bead, with the rig that the row names', () => {
    fc.assert(
      fc.property(anyAgent, (address) => {
        if (address.role === 'overseer') return;
        const rig = 'rig' in address ? address.rig : '';
        const id = parseBeadId(agentBeadIdOf(address, prefixOf(address)));
        const bead = { id, description: `T\n\nrig: ${rig}`, rig };
        expect(parseAgentBead(bead)).toEqual(address);
      }),
    );
  });

  test('two agents share no form, no session and no bead', () => {
    fc.assert(
      fc.property(newAgent, newAgent, (left, right) => {
        fc.pre(formatAddress(left) !== formatAddress(right));
        expect(sessionOf(left, prefixOf(left))).not.toBe(sessionOf(right, prefixOf(right)));
        expect(agentBeadIdOf(left, prefixOf(left))).not.toBe(agentBeadIdOf(right, prefixOf(right)));
      }),
    );
  });
});

test.each([
  ['mayor', 'mayor/'],
  ['gt/mayor', 'mayor/'],
  ['dog:rex', 'deacon/dogs/rex'],
  ['deacon-boot', 'deacon/boot'],
  ['gt/ace/', 'gt/polecats/ace'],
  ['gt/Old-Name', 'gt/polecats/Old-Name'],
])('%s is read as %s', (text, id) => {
  expect(formatAddress(parseAddress(text))).toBe(id);
});

test.each([
  '',
  '/',
  'gt',
  'gt/crew',
  'gt/crew/',
  'gt/polecats/crew',
  'a/b/c/d',
  'gt/x/y',
  'gt/a b',
  'my-rig/a',
])('%j is nobody', (text) => {
  expect(() => parseAddress(text)).toThrow(/is not an agent address|cannot name/);
});

test('an old name is read, and no new worker gets one like it', () => {
  expect(readWorkerName('Old-Name')).toBe('Old-Name');
  for (const name of ['Old-Name', 'a-b', 'Ann', 'crew', '../x', 'a b', '-a', 'a'.repeat(33)])
    expect(() => parseWorkerName(name)).toThrow(/cannot name a worker/);
});

function isNewName(text: string): boolean {
  return isName(parseWorkerName, text);
}

function isOldName(text: string): boolean {
  return isName(readWorkerName, text);
}

function isName(parse: (text: string) => WorkerName | RigName, text: string): boolean {
  try {
    return parse(text) === text;
  } catch {
    return false;
  }
}
