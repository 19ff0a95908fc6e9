// The one way to the API: typed by the OpenAPI document, with failures as `ApiError`.

import createClient, { type FetchResponse, type MaybeOptionalInit, type Middleware } from 'openapi-fetch';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, refusal } from './error';
import type { components, paths } from './schema';

/** A shape of the API, by the name it has in the OpenAPI document. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name];

const TIMEOUT_MS = 60_000;

const failures: Middleware = {
  async onResponse({ response }) {
    // A 304 never gets here: the browser answers it from its cache.
    if (!response.ok) throw await refusal(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return new ApiError(`The server did not answer within ${TIMEOUT_MS / 1000} seconds.`, {
        code: 'timeout',
      });
    }
    if (error instanceof TypeError)
      return new ApiError('The server can’t be reached. Is Tidegate still running?');
    return undefined;
  },
};

/** Fetches with a limit of time. */
function timed(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
}

/** Calls by method and path; `data` is there, or an `ApiError` is thrown. */
export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: timed });
client.use(failures);

type Get = PathsWithMethod<paths, 'get'>;
type Init<Path extends Get> = MaybeOptionalInit<paths[Path], 'get'>;
type Answer<Path extends Get> = NonNullable<
  FetchResponse<paths[Path]['get'], object, 'application/json'>['data']
>;

/**
 * A question for TanStack Query: `useQuery(ask('/api/logs', { params: { query: { limit: 10 } } }))`. Its data is the
 * whole envelope. Without the second argument in the key everything of one path is named: `askKey('/api/logs')`.
 */
export function ask<Path extends Get>(
  path: Path,
  ...[init]: undefined extends Init<Path> ? [Init<Path>?] : [Init<Path>]
) {
  return queryOptions<Answer<Path>, Error>({
    queryKey: ['get', path, init ?? null],
    queryFn: async ({ signal }) => {
      const get = client.GET as (path: Path, init: object) => Promise<{ data?: unknown }>;
      return (await get(path, { ...init, signal })).data as Answer<Path>;
    },
  });
}

/** Everything that was asked of a path, to be asked again: `queryClient.invalidateQueries({ queryKey: askKey(…) })`. */
export function askKey(path: Get): readonly unknown[] {
  return ['get', path];
}
