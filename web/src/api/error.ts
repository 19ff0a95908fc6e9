// What goes wrong between the page and the API, in words for the reader.

import { sentence } from '@/lib/text';

/** A failure of a request: `status` is 0 where nothing answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What is wrong with which field or parameter. */
  readonly fields: Record<string, string[]>;
  readonly requestId: string | undefined;
  /** Seconds to wait, where the server said so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    rest: {
      status?: number;
      code?: string;
      fields?: Record<string, string[]>;
      requestId?: string | undefined;
      retryAfter?: number | undefined;
    } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = rest.status ?? 0;
    this.code = rest.code ?? 'unreachable';
    this.fields = rest.fields ?? {};
    this.requestId = rest.requestId;
    this.retryAfter = rest.retryAfter;
  }
}

interface Envelope {
  code?: string;
  detail?: string;
  errors?: Record<string, string[]>;
  request_id?: string;
}

/** The failure a response stands for. */
export async function refusal(response: Response): Promise<ApiError> {
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Envelope;
  const wait = Number(response.headers.get('retry-after'));
  return new ApiError(words(response.status, body, wait), {
    status: response.status,
    code: body.code ?? 'unknown',
    fields: body.errors ?? {},
    requestId: body.request_id,
    retryAfter: wait > 0 ? wait : undefined,
  });
}

function words(status: number, body: Envelope, wait: number): string {
  const when = wait > 0 ? ` Try again in ${wait} s.` : '';
  if (status === 401) return 'Your session has ended. Sign in again.';
  if (status === 429) return `Too many requests.${when}`;
  if (status === 503) return `${sentence(body.detail ?? 'the server is busy')}${when}`;
  const number = status >= 500 && body.request_id ? ` (request ${body.request_id})` : '';
  return `${sentence(body.detail ?? `the server answered ${status}`)}${number}`;
}

/** What to say of anything that was thrown. */
export function messageOf(failure: unknown): string {
  if (failure instanceof ApiError) return failure.message;
  if (failure instanceof TypeError) return 'The server can’t be reached. Is Tidegate still running?';
  return failure instanceof Error ? failure.message : String(failure);
}
