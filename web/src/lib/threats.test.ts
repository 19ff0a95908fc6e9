import { describe, expect, it } from 'vitest';
import { byTechnique, joined, scoreBins, techniqueName, topCategories } from './threats';

const bucket = (time: string, flagged: number, categories: Record<string, number>) => ({
  time: `2026-11-21 ${time}:00`,
  flagged,
  categories,
});

describe('topCategories', () => {
  it('sums over all buckets, most first, ties by name', () => {
    const buckets = [
      bucket('10:00', 0, { sql: 2, xss: 1 }),
      bucket('11:00', 0, { xss: 1, signal: 9, c2: 2 }),
    ];
    expect(topCategories(buckets, 3)).toEqual(['signal', 'c2', 'sql']);
    expect(topCategories(buckets, 9, ['signal'])).toEqual(['c2', 'sql', 'xss']);
    expect(topCategories([], 3)).toEqual([]);
  });
});

describe('joined', () => {
  it('keeps every hit, in fewer buckets', () => {
    const buckets = ['10:00', '10:05', '10:10', '10:15', '10:20'].map((time, index) =>
      bucket(time, index, { sql: 1, ...(index > 2 ? { xss: 2 } : {}) }),
    );
    const joint = joined(buckets, 2);
    expect(joint).toEqual([bucket('10:00', 3, { sql: 3 }), bucket('10:15', 7, { sql: 2, xss: 4 })]);
    expect(joined(buckets, 5)).toEqual(buckets);
    expect(buckets[0]).toEqual(bucket('10:00', 0, { sql: 1 }));
  });
});

describe('scoreBins', () => {
  it('counts every score once', () => {
    const bins = scoreBins([
      { score: 0, count: 100 },
      { score: 2, count: 7 },
      { score: 4, count: 1 },
      { score: 5, count: 2 },
      { score: 9, count: 3 },
      { score: 900, count: 1 },
    ]);
    expect(bins.map(({ count }) => count)).toEqual([100, 7, 1, 5, 0, 0, 0, 0, 1]);
    expect(bins[3]).toEqual({ from: 5, to: 9, count: 5 });
    expect(bins.at(-1)?.to).toBe(Infinity);
  });
});

describe('byTechnique', () => {
  it('sums hits of rules, and leaves out what nothing hit', () => {
    const rules = [
      { techniques: ['T1190'], hits: 3 },
      { techniques: ['T1190', 'T1059'], hits: 2 },
      { techniques: ['T1566'], hits: 0 },
    ];
    expect(byTechnique(rules)).toEqual([
      { id: 'T1190', hits: 5, rules: 2 },
      { id: 'T1059', hits: 2, rules: 1 },
    ]);
  });
});

describe('techniqueName', () => {
  it('falls back to the whole', () => {
    expect(techniqueName('T1568.002')).toBe('Domain Generation Algorithms');
    expect(techniqueName('T1190.099')).toBe('Exploit Public-Facing Application');
    expect(techniqueName('T9999')).toBeUndefined();
  });
});
