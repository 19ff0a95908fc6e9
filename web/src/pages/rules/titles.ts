// What categories of rules are called.

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ask } from '@/api/client';
import { titled } from '@/lib/text';

/** A category's title by its name; the name itself until titles are known. */
export function useCategoryTitle(): (name: string) => string {
  const { data } = useQuery({
    ...ask('/api/waf/categories', { params: { query: { hours: 1 } } }),
    staleTime: 600_000,
  });
  return useCallback(
    (name) => data?.data.find((category) => category.name === name)?.title || titled(name),
    [data],
  );
}
