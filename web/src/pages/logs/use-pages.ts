// The rows of a filter, page by page as far as somebody scrolls.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client, type Shape } from '@/api/client';

type Row = Shape<'LogRow'>;

export interface LogQuestion {
  filter: Record<string, string | string[]>;
  time: { from?: string; to?: string };
  sort: string;
  order: 'asc' | 'desc';
}

const PAGE_ROWS = 200;

export interface Pages {
  rows: readonly Row[];
  /** Exact, once it is known. */
  total: number | undefined;
  error: unknown;
  isPending: boolean;
  isFetching: boolean;
  isFetchingMore: boolean;
  hasMore: boolean;
  more: () => void;
  refetch: () => void;
}

export function usePages({ filter, time, sort, order }: LogQuestion, enabled: boolean): Pages {
  const queries = useQueryClient();
  const queryKey = ['get', '/api/logs', 'pages', filter, time, sort, order];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) => {
      const asked = {
        ...filter,
        ...time,
        sort,
        order,
        limit: PAGE_ROWS,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await client.GET('/api/logs', { params: { query: asked as never }, signal });
      return data as NonNullable<typeof data>;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
    // Pages are one reading of the log: asked anew as a whole they would jump under the reader.
    refetchOnWindowFocus: false,
    // Every page that comes would be compared with all that are there.
    structuralSharing: false,
    refetchOnReconnect: false,
    refetchOnMount: ({ state }) => state.isInvalidated || state.data?.pages.length === 1,
    staleTime: 60_000,
  });
  // Back to the first page: all that were scrolled through would be asked one after the other.
  const refetch = () => {
    queries.setQueryData<typeof query.data>(
      queryKey,
      (all) => all && { pages: all.pages.slice(0, 1), pageParams: all.pageParams.slice(0, 1) },
    );
    void query.refetch();
  };
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  return {
    rows,
    total: query.data?.pages[0]?.total,
    error: query.error,
    isPending: query.isPending,
    isFetching: query.isFetching,
    isFetchingMore: query.isFetchingNextPage,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    refetch,
  };
}
