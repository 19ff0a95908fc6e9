import { expect, test } from 'vitest';
import { gain, grouped, lost, verdict, worstFirst, type Check } from './posture';

const check = (
  id: string,
  status: string,
  points: number,
  max_points: number,
  source = 'settings',
): Check => ({ id, title: id, points, max_points, status, source });
const CHECKS = [
  check('a', 'passed', 8, 8),
  check('b', 'failed', 0, 4),
  check('c', 'partial', 1, 9),
  check('d', 'failed', 0, 6),
  check('e', 'unknown', 0, 10, 'squid.conf'),
  check('f', 'contradicted', 0, 5, 'squid.conf'),
];

test('what needs somebody comes first', () => {
  expect(worstFirst(CHECKS).map(({ id }) => id)).toEqual(['f', 'd', 'b', 'c', 'a', 'e']);
});

test('unknown checks count neither for nor against', () => {
  const [settings, squid] = grouped(CHECKS);
  expect([settings?.points, settings?.maxPoints, settings?.unknown]).toEqual([9, 27, 0]);
  expect([squid?.points, squid?.maxPoints, squid?.unknown]).toEqual([0, 5, 1]);
  expect(lost(check('e', 'unknown', 0, 10))).toBe(0);
});

test('mending everything brings the rest of a hundred', () => {
  const score = (100 * 9) / 32;
  expect(CHECKS.reduce((sum, each) => sum + gain(each, CHECKS), score)).toBeCloseTo(100);
  expect(gain(check('e', 'unknown', 0, 10), [])).toBe(0);
});

test.each([
  ['passed', 'good'],
  ['partial', 'warn'],
  ['failed', 'bad'],
  ['contradicted', 'bad'],
  ['unknown', 'none'],
])('%s is %s', (status, expected) => {
  expect(verdict(status)).toBe(expected);
});
