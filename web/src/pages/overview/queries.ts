// What the overview asks. Panels that need the same ask once: answers are shared by their question.

import { ask } from '@/api/client';
import type { TimeRange } from '@/lib/range';
import { rangeBefore, rangeQuery } from '@/lib/range';

/** How often what is relative to now is asked again. */
export const FRESH_MS = 30_000;

export function every(range: TimeRange): { refetchInterval: number | false } {
  return { refetchInterval: range.kind === 'between' ? false : FRESH_MS };
}

export function summaryQuery(range: TimeRange) {
  return {
    ...ask('/api/dashboard/summary', { params: { query: { ...rangeQuery(range), limit: 10 } } }),
    ...every(range),
  };
}

/** The same numbers of the period before; only where there is one. */
export function beforeQuery(range: TimeRange) {
  const before = rangeBefore(range);
  return {
    ...ask('/api/waf/stats', { params: { query: { ...before, limit: 1 } } }),
    enabled: before !== undefined,
    staleTime: 5 * 60_000,
  };
}

export const sourcesQuery = { ...ask('/api/sources'), refetchInterval: FRESH_MS };
export const statsQuery = { ...ask('/api/logs/stats'), refetchInterval: FRESH_MS };
