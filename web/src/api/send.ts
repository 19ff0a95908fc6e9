// Changes, for TanStack Query: what is sent is the path's parameters and body, what comes back is the whole envelope.

import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { client } from './client';
import type { paths } from './schema';

type Method = 'post' | 'put' | 'delete';
type Sent<M extends Method, Path extends PathsWithMethod<paths, M>> = MaybeOptionalInit<paths[Path], M>;
type Answer<M extends Method, Path extends PathsWithMethod<paths, M>> =
  paths[Path][M] extends Record<string | number, unknown>
    ? NonNullable<FetchResponse<paths[Path][M], object, 'application/json'>['data']>
    : never;

/** `const save = useSend('put', '/api/users/{id}', { onSuccess }); save.mutate({ params, body })`. */
export function useSend<M extends Method, Path extends PathsWithMethod<paths, M>>(
  method: M,
  path: Path,
  options: Omit<UseMutationOptions<Answer<M, Path>, Error, Sent<M, Path>>, 'mutationFn'> = {},
) {
  return useMutation<Answer<M, Path>, Error, Sent<M, Path>>({
    ...options,
    mutationFn: async (sent) => {
      const call = client.request as (method: M, path: Path, sent: unknown) => Promise<{ data?: unknown }>;
      return (await call(method, path, sent ?? {})).data as Answer<M, Path>;
    },
  });
}
