import { expect, test } from 'vitest';
import { byLicence, normal } from './licences';

test.each([
  ['MIT OR Apache-2.0', 'Apache-2.0 OR MIT'],
  ['MIT/Apache-2.0', 'Apache-2.0 OR MIT'],
  ['MIT', 'MIT'],
  [null, 'not known'],
  ['(MIT OR Apache-2.0) AND Unicode-3.0', '(MIT OR Apache-2.0) AND Unicode-3.0'],
  ['Apache-2.0 WITH LLVM-exception', 'Apache-2.0 WITH LLVM-exception'],
])('%s', (license, expected) => {
  expect(normal(license)).toBe(expected);
});

test('packages are counted by licence', () => {
  const packages = [
    { license: 'MIT' },
    { license: 'MIT/Apache-2.0' },
    { license: 'Apache-2.0 OR MIT' },
    { license: null },
  ];
  expect(byLicence(packages.map((each) => ({ name: 'x', version: '1', ...each })))).toEqual([
    { licence: 'Apache-2.0 OR MIT', count: 2 },
    { licence: 'MIT', count: 1 },
    { licence: 'not known', count: 1 },
  ]);
});
