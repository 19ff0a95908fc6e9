import { expect, test } from 'vitest';
import { tickLabels } from './ticks';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 10, 21);

test('a day is named where it begins', () => {
  expect(tickLabels([MIDNIGHT - 4 * HOUR, MIDNIGHT, MIDNIGHT + 4 * HOUR], 4 * HOUR, 'en-GB')).toEqual([
    '20:00',
    '00:00\n21 Nov',
    '04:00',
  ]);
  expect(tickLabels([MIDNIGHT], 24 * HOUR, 'en-GB')).toEqual(['21 Nov']);
});
