// The filters of the log, as the API takes them and as the address carries them.

import { many, type Search } from './search';

export type FilterKind = 'many' | 'one';

export interface FilterField {
  name: string;
  label: string;
  kind: FilterKind;
  /** What to write into it. */
  hint: string;
  options?: readonly string[];
}

export const OUTCOMES = [
  'allowed',
  'denied',
  'origin_forbidden',
  'auth_challenge',
  'aborted',
  'error',
] as const;

export const SEVERITIES = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;

const METHODS = ['GET', 'POST', 'CONNECT', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;

/** Every filter but the time, in the order they are offered. */
export const FILTERS: readonly FilterField[] = [
  { name: 'keyword', label: 'Text', kind: 'one', hint: 'words or "a phrase" of URL, agent, referer or user' },
  { name: 'client_ip', label: 'Client', kind: 'many', hint: '10.0.0.5, 10.0.0.0/24 or c-…' },
  { name: 'user', label: 'User', kind: 'many', hint: 'name' },
  { name: 'domain', label: 'Domain', kind: 'many', hint: 'example.com' },
  { name: 'destination', label: 'Destination', kind: 'many', hint: 'part of host:port' },
  { name: 'outcome', label: 'Outcome', kind: 'many', hint: 'outcome', options: OUTCOMES },
  { name: 'status', label: 'Status', kind: 'many', hint: '404, 4xx or TCP_DENIED' },
  { name: 'method', label: 'Method', kind: 'many', hint: 'GET', options: METHODS },
  { name: 'min_score', label: 'Score from', kind: 'one', hint: '5' },
  { name: 'rule', label: 'Rule', kind: 'many', hint: 'id of a rule' },
  { name: 'waf_category', label: 'Rule category', kind: 'many', hint: 'sql' },
  { name: 'tag', label: 'Tag', kind: 'many', hint: 'blocked, flagged, dga' },
  { name: 'category', label: 'Service category', kind: 'many', hint: 'storage' },
  { name: 'min_severity', label: 'Severity from', kind: 'one', hint: 'severity', options: SEVERITIES },
  { name: 'severity', label: 'Severity', kind: 'many', hint: 'severity', options: SEVERITIES },
  { name: 'status_code', label: 'Status code', kind: 'many', hint: '404' },
  { name: 'source', label: 'Source', kind: 'many', hint: 'name of a source' },
  { name: 'host', label: 'Log host', kind: 'many', hint: 'machine whose log it is' },
];

/** A filter that is set. */
export interface ActiveFilter {
  name: string;
  label: string;
  value: string;
  negated: boolean;
}

/** The filters of an address, one for each value. */
export function activeFilters(search: Search): ActiveFilter[] {
  return FILTERS.flatMap(({ name, label, kind }) => {
    const values = kind === 'one' ? many(search, name).slice(0, 1) : many(search, name);
    return values
      .filter((text) => text.trim() !== '')
      .map((text) => {
        const negated = kind === 'many' && text.startsWith('!');
        return { name, label, value: negated ? text.slice(1) : text, negated };
      });
  });
}

/** What the API is asked for these filters. */
export function filterQuery(search: Search): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const { name, kind } of FILTERS) {
    const values = many(search, name).filter((text) => text.trim() !== '');
    if (values.length === 0) continue;
    query[name] = kind === 'one' ? (values[0] as string) : values;
  }
  return query;
}

/** An address with one filter more; what can be set only once is replaced. */
export function withFilter(search: Search, name: string, value: string): Search {
  const field = FILTERS.find((known) => known.name === name);
  if (field?.kind === 'one') return { ...search, [name]: value };
  const values = many(search, name);
  return values.includes(value) ? search : { ...search, [name]: [...values, value] };
}

/** An address without this filter. */
export function withoutFilter(search: Search, { name, value, negated }: ActiveFilter): Search {
  const text = negated ? `!${value}` : value;
  const values = many(search, name).filter((known) => known !== text);
  return { ...search, [name]: values.length > 0 ? values : undefined };
}

/** The same filter the other way round. */
export function flipped(search: Search, filter: ActiveFilter): Search {
  const field = FILTERS.find((known) => known.name === filter.name);
  if (field?.kind !== 'many') return search;
  return withFilter(
    withoutFilter(search, filter),
    filter.name,
    filter.negated ? filter.value : `!${filter.value}`,
  );
}

/** An address without any filter. */
export function withoutFilters(search: Search): Search {
  return { ...search, ...Object.fromEntries(FILTERS.map(({ name }) => [name, undefined])) };
}

/** What a reader typed as `name:value`, `name:!value`, or words to search for; undefined for nothing. */
export function typedFilter(text: string): { name: string; value: string } | undefined {
  const trimmed = text.trim();
  const [, word = '', rest = ''] = /^([a-z_ ]+):\s*(.+)$/i.exec(trimmed) ?? [];
  const wanted = word.trim().toLowerCase();
  const field = FILTERS.find(({ name, label }) => name === wanted || label.toLowerCase() === wanted);
  if (field) return { name: field.name, value: rest.trim() };
  return trimmed ? { name: 'keyword', value: trimmed } : undefined;
}

/** What the API says is wrong with filters, by the names they have on the page. */
export function filterFaults(fields: Record<string, string[]>): string[] {
  return Object.entries(fields).flatMap(([name, faults]) => {
    const label = FILTERS.find((field) => field.name === name)?.label ?? name;
    return faults.map((fault) => `${label} ${fault}.`);
  });
}
