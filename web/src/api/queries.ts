// How answers are kept, and what happens when the session ends.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './error';
import { session } from './session';

function watch(failure: unknown) {
  if (!(failure instanceof ApiError)) return;
  if (failure.status === 401) session.end();
  if (failure.code === 'password_change_required') session.askForChange();
}

/** Whether asking again may help: what was refused is refused again. */
export function worthRetrying(count: number, failure: unknown): boolean {
  if (count >= 2) return false;
  return (
    !(failure instanceof ApiError) || failure.status === 0 || failure.status === 503 || failure.status === 429
  );
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: worthRetrying,
      retryDelay: (count, failure) =>
        failure instanceof ApiError && failure.retryAfter ? failure.retryAfter * 1000 : 500 * 2 ** count,
    },
    mutations: { retry: false },
  },
});
