// Findings: what detectors made of many rows together.

import { queryOptions } from '@tanstack/react-query';
import { ApiError } from './error';
import { client, type Shape } from './client';

export interface FindingRow {
  id: number;
  detector: string;
  title: string;
  /** One of syslog's words. */
  severity: string;
  status: 'open' | 'dismissed';
  client_ip: string | null;
  destination: string | null;
  first_seen: string;
  last_seen: string;
  found_at: string;
  /** One sentence: why. */
  summary: string;
  /** Rows it rests on. */
  requests: number;
  measures: Record<string, number>;
  technique: string | null;
  /** The API's query for these rows. */
  logs: string;
}

export interface FindingDetails extends FindingRow {
  evidence: Shape<'LogRow'>[];
  recommendation: string;
  note: string | null;
}

export interface FindingList {
  data: FindingRow[];
  total: number;
  next_cursor: string | null;
}

export interface Detector {
  name: string;
  title: string;
  help: string;
  technique: string | null;
  severity: string;
  enabled: boolean;
  state: 'ok' | 'no_data' | 'waiting';
  reason: string | null;
  /** Open ones. */
  findings: number;
}

// The document knows these routes; until its types are made anew they are named here.
type Untyped = (path: string, init?: object) => Promise<{ data?: unknown }>;
const get = client.GET as unknown as Untyped;
const put = client.PUT as unknown as Untyped;

export interface FindingFilter {
  status?: string | undefined;
  detector?: string | undefined;
  min_severity?: string | undefined;
  client_ip?: string | undefined;
  destination?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
}

/** Findings that match, the latest first. */
export function findingsQuery(filter: FindingFilter) {
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return queryOptions<FindingList, Error>({
    queryKey: ['get', '/api/findings', query],
    queryFn: async ({ signal }) =>
      (await get('/api/findings', { params: { query }, signal })).data as FindingList,
  });
}

export function findingQuery(id: string) {
  return queryOptions<{ data: FindingDetails }, Error>({
    queryKey: ['get', '/api/findings/{id}', id],
    queryFn: async ({ signal }) => {
      // What is no number is nobody's.
      if (!/^\d{1,15}$/.test(id)) throw new ApiError('There is no finding of that number.', { status: 404 });
      return (await get('/api/findings/{id}', { params: { path: { id } }, signal })).data as {
        data: FindingDetails;
      };
    },
  });
}

export const detectorsQuery = queryOptions<{ data: Detector[] }, Error>({
  queryKey: ['get', '/api/findings/detectors'],
  queryFn: async ({ signal }) =>
    (await get('/api/findings/detectors', { signal })).data as { data: Detector[] },
});

/** Dismisses a finding, or opens it again, with a word why. */
export async function setFinding(id: number, status: FindingRow['status'], note?: string): Promise<void> {
  await put('/api/findings/{id}', { params: { path: { id } }, body: { status, ...(note ? { note } : {}) } });
}
