// Asking the API. Whatever goes wrong becomes an `ApiError` with a sentence for the reader.

const TIMEOUT_MS = 30_000;

/** A failure in words: `message`, `status` (0 where nothing answered), `fields` with what is wrong with each parameter. */
export class ApiError extends Error {
  constructor(message, status = 0, fields = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.fields = fields;
  }
}

/**
 * GETs `path` (below `api/`) and answers the whole envelope. Throws `ApiError`, or the abort's reason when `signal` was
 * aborted because nobody wants the answer any more.
 */
export async function get(path, signal, ask = fetch) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response;
  try {
    response = await ask(address(path), {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: { accept: 'application/json' },
    });
    if (response.ok) return await response.json();
  } catch (failure) {
    signal?.throwIfAborted();
    if (response?.ok && failure instanceof SyntaxError) throw new ApiError('The answer was not understood.', response.status);
    throw new ApiError(timeout.aborted
      ? `The server did not answer within ${TIMEOUT_MS / 1000} seconds.`
      : 'The server can’t be reached. Is Tidegate still running?');
  }
  throw await refusal(response);
}

// Built from the origin: an address with a user and password in it is not one that `fetch` takes.
function address(path) {
  return globalThis.location ? new URL(`api/${path}`, location.origin + location.pathname) : `/api/${path}`;
}

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  switch (response.status) {
    case 401:
      return new ApiError('Your login is no longer valid. Reload the page to log in again.', 401);
    case 429:
    case 503: {
      const wait = Number(response.headers.get('retry-after'));
      const when = wait > 0 ? ` Try again in ${wait} s.` : '';
      return new ApiError(`The server is busy.${when}`, response.status);
    }
    default: {
      const text = body.detail ?? `The server answered ${response.status}.`;
      const number = response.status >= 500 && body.request_id ? ` (request ${body.request_id})` : '';
      return new ApiError(`${text}${number}`, response.status, body.errors ?? {});
    }
  }
}
