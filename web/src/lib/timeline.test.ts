import { expect, test } from 'vitest';
import { readRange } from './range';
import { cutBuckets, planTimeline, withoutLead } from './timeline';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// Twenty past an hour.
const NOW = Date.UTC(2026, 10, 20, 12, 20);

test.each([
  ['1h', undefined, '5m', 12],
  ['6h', undefined, '5m', 72],
  ['24h', undefined, '1h', 24],
  ['24h', '5m', '5m', 288],
  ['7d', undefined, '1h', 168],
  ['7d', '1d', '1d', 7],
  ['30d', undefined, '1d', 30],
  ['7d', '5m', '1h', 168],
  ['24h', 'year', '1h', 24],
  ['90d', '1h', '1d', 90],
])(
  '%s wanting %s is drawn by %s in %s buckets, the unfinished one last',
  (range, wanted, resolution, count) => {
    const plan = planTimeline(readRange({ range }), NOW, wanted, false);
    expect(plan.resolution).toBe(resolution);
    expect((plan.toMs - plan.fromMs) / plan.widthMs).toBe(count);
    expect(plan.toMs - plan.widthMs).toBeLessThanOrEqual(NOW);
    expect(plan.toMs).toBeGreaterThan(NOW);
    const back = plan.query.hours ? plan.query.hours * HOUR : (plan.query.days ?? 0) * DAY;
    expect(NOW - back).toBeLessThanOrEqual(plan.fromMs);
  },
);

test('the period before is asked for where it is within reach', () => {
  expect(planTimeline(readRange({ range: '24h' }), NOW, undefined, true)).toMatchObject({
    compares: true,
    query: { hours: 49 },
  });
  expect(planTimeline(readRange({ range: '30d' }), NOW, '1h', true)).toMatchObject({ compares: false });
  expect(planTimeline({ kind: 'all' }, NOW, undefined, true)).toMatchObject({ compares: false });
});

test('a range in the past is on whole buckets', () => {
  const plan = planTimeline(
    { kind: 'between', fromMs: NOW - 50 * HOUR, toMs: NOW - 26 * HOUR },
    NOW,
    undefined,
    false,
  );
  expect(plan.fromMs % HOUR).toBe(0);
  expect([plan.fromMs <= NOW - 50 * HOUR, plan.toMs >= NOW - 26 * HOUR]).toEqual([true, true]);
  const old = planTimeline(
    { kind: 'between', fromMs: NOW - 400 * DAY, toMs: NOW - 399 * DAY },
    NOW,
    undefined,
    false,
  );
  expect(old.resolution).toBe('1d');
  expect(old.query.days).toBeGreaterThanOrEqual(400);
});

test('buckets are cut to the range, added up where they are finer, and filled with nothing', () => {
  const rows = [
    { time: '2026-11-20 09:00:00', total: 9, blocked: 9 },
    { time: '2026-11-20 10:00:00', total: 1, blocked: 1 },
    { time: '2026-11-20 10:30:00', total: 2, blocked: 0 },
    { time: '2026-11-20 12:00:00', total: 4, blocked: 0 },
    { time: '2026-11-20 13:00:00', total: 9, blocked: 9 },
  ];
  const from = Date.UTC(2026, 10, 20, 10);
  const cut = cutBuckets(rows, from, from + 3 * HOUR, HOUR);
  expect(cut).toEqual({ times: [from, from + HOUR, from + 2 * HOUR], total: [3, 0, 4], blocked: [1, 0, 0] });
});

test('what is empty at the start can be left out', () => {
  const cut = { times: [1, 2, 3, 4], total: [0, 0, 5, 0], blocked: [0, 0, 1, 0] };
  expect(withoutLead(cut)).toEqual({ times: [3, 4], total: [5, 0], blocked: [1, 0] });
  expect(withoutLead({ times: [1, 2, 3], total: [0, 0, 0], blocked: [0, 0, 0] }).times).toEqual([1, 2, 3]);
});
