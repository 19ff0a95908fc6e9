import { describe, expect, it } from 'vitest';
import { bucketsOf, widthLabel } from './buckets';

describe('bucketsOf', () => {
  it('finds the width of even and of gappy buckets', () => {
    const time = (text: string) => ({ time: `2026-11-21 ${text}` });
    expect(bucketsOf([time('10:00:00'), time('10:05:00'), time('10:10:00')])).toEqual({
      times: [1795255200000, 1795255500000, 1795255800000],
      widthMs: 300_000,
    });
    expect(bucketsOf([time('10:00:00'), time('12:00:00'), time('13:00:00')]).widthMs).toBe(3_600_000);
    expect(bucketsOf([{ time: '2026-11-21T10:00:00Z' }])).toEqual({
      times: [1795255200000],
      widthMs: 3_600_000,
    });
    expect(bucketsOf([])).toEqual({ times: [], widthMs: 3_600_000 });
  });
});

describe('widthLabel', () => {
  it('names what a bar counts', () => {
    expect([300_000, 3_600_000, 86_400_000].map(widthLabel)).toEqual(['5 minutes', 'an hour', 'a day']);
  });
});
