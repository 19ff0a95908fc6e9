import { describe, expect, it } from 'vitest';
import { sizeOf } from './cloud';

describe('sizeOf', () => {
  it('grows with the weight, between two sizes', () => {
    const sizes = [1, 10, 100, 1000].map((weight) => sizeOf(weight, 1, 1000));
    expect(sizes[0]).toBeCloseTo(0.75);
    expect(sizes[3]).toBeCloseTo(1.9);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    // By the logarithm: each step of ten is as large as the next.
    expect((sizes[1] ?? 0) - (sizes[0] ?? 0)).toBeCloseTo((sizes[2] ?? 0) - (sizes[1] ?? 0));
  });

  it('has a size where all weigh the same, or nothing', () => {
    expect(sizeOf(7, 7, 7)).toBeCloseTo(1.9);
    expect(sizeOf(0, 0, 0)).toBeCloseTo(1.9);
    expect(sizeOf(0, 0, 100)).toBeCloseTo(0.75);
  });
});
