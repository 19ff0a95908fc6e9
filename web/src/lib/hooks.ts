// The view in the address, for pages: the time range, and parameters of their own.

import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { rangeQuery, readRange, writeRange, type TimeRange } from './range';
import { one, type Search } from './search';

/** The address's parameters, as words. */
export function useView(): Search {
  return useSearch({ strict: false }) as Search;
}

/** Changes some of the address's parameters; undefined takes one away. */
export function useSetView(): (changes: Search, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes, options) => {
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, ...changes }),
        replace: options?.replace ?? false,
        resetScroll: false,
      } as never);
    },
    [navigate],
  );
}

/** The global time range, what to ask the API for it, and how to change it. */
export function useTimeRange(): {
  range: TimeRange;
  query: { from?: string; to?: string };
  setRange: (range: TimeRange) => void;
} {
  const view = useView();
  const setView = useSetView();
  const [word, from, to] = [one(view, 'range'), one(view, 'from'), one(view, 'to')];
  const range = useMemo(() => readRange({ range: word, from, to }), [word, from, to]);
  const query = useMemo(() => rangeQuery(range), [range]);
  const setRange = useCallback(
    // A cursor belongs to the window it was made for.
    (next: TimeRange) => setView({ ...writeRange(next), cursor: undefined }),
    [setView],
  );
  return { range, query, setRange };
}
