import { expect, test } from 'vitest';
import {
  plistText,
  plistTown,
  unitProgram,
  unitText,
  unitTown,
} from '../../../src/town/machine/unit-text.ts';

test.each(['/home/ann/gt', '/a b/100% $HOME "q" \\ <&>'])(
  'what a unit is for and what it starts is read back: %s',
  (place) => {
    const town = { root: place, gt: `${place}/bin/gt`, label: 'com.gastown.daemon', env: { PATH: '/bin' } };
    const unit = unitText(town);
    expect([unitTown(unit), unitProgram(unit, 'systemd')]).toEqual([place, `${place}/bin/gt`]);
    const plist = plistText(town);
    expect([plistTown(plist), unitProgram(plist, 'launchd')]).toEqual([place, `${place}/bin/gt`]);
  },
);

test('a unit that starts something else names no gt', () => {
  expect(unitProgram('ExecStart="/bin/gt" daemon run\n', 'systemd')).toBeUndefined();
  expect(unitTown('')).toBeUndefined();
  expect(unitProgram('<plist/>', 'launchd')).toBeUndefined();
});
