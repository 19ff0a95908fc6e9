// The columns there are for rows of the log, and which of them are shown.

import type { ReactNode } from 'react';
import type { Shape } from '@/api/client';
import { bytes, duration } from '@/lib/units';
import { outcomeLabel, outcomeTone, scoreTone, severityTone, tagLabel, type Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText, Masked } from '@/ui/hostile-text';

export type Row = Shape<'LogRow'>;

export interface Column {
  id: string;
  label: string;
  /** Pixels at least; with `grow` what is left. */
  width: number;
  grow?: boolean;
  align?: 'right';
  /** The API's name of what it is sorted by. */
  sort?: string;
  cell: (row: Row) => ReactNode;
}

/** The words say it, the colour only helps. */
const STATUS_TONES: Record<Tone, string> = {
  neutral: '',
  accent: 'text-accent',
  ok: '',
  warn: 'text-warn',
  danger: 'text-danger',
};

/** Characters of a URL that a table draws; the drawer has all. */
const LONGEST = 300;

export const COLUMNS: readonly Column[] = [
  {
    id: 'time',
    label: 'Time (UTC)',
    width: 162,
    sort: 'timestamp',
    cell: (row) => <span className="tabular text-muted">{row.timestamp}</span>,
  },
  {
    id: 'score',
    label: 'Score',
    width: 56,
    cell: (row) => (row.waf.score ? <Badge tone={scoreTone(row.waf.score)}>{row.waf.score}</Badge> : null),
  },
  {
    id: 'client',
    label: 'Client',
    width: 136,
    sort: 'source_ip',
    cell: (row) => <Masked value={row.client_ip} />,
  },
  {
    id: 'client_name',
    label: 'Client name',
    width: 130,
    cell: (row) => <HostileText text={row.client_name} max={80} />,
  },
  { id: 'user', label: 'User', width: 104, cell: (row) => <Masked value={row.user} /> },
  {
    id: 'method',
    label: 'Method',
    width: 80,
    sort: 'method',
    cell: (row) => <HostileText text={row.method} max={20} />,
  },
  {
    id: 'destination',
    label: 'Destination',
    width: 210,
    sort: 'destination',
    cell: (row) => <HostileText text={row.destination} max={120} />,
  },
  {
    id: 'url',
    label: 'URL',
    width: 240,
    grow: true,
    sort: 'message',
    cell: (row) => <HostileText text={row.url} max={LONGEST} />,
  },
  {
    id: 'status',
    label: 'Status',
    width: 150,
    sort: 'status',
    cell: (row) => (
      <HostileText text={row.status} max={60} className={STATUS_TONES[outcomeTone(row.outcome)]} />
    ),
  },
  {
    id: 'outcome',
    label: 'Outcome',
    width: 140,
    cell: (row) => <Badge tone={outcomeTone(row.outcome)}>{outcomeLabel(row.outcome)}</Badge>,
  },
  {
    id: 'severity',
    label: 'Severity',
    width: 112,
    sort: 'severity',
    cell: (row) => <Badge tone={severityTone(row.severity)}>{row.severity}</Badge>,
  },
  {
    id: 'tags',
    label: 'Tags',
    width: 150,
    cell: (row) => row.tags.map((tag) => <Badge key={tag}>{tagLabel(tag)}</Badge>),
  },
  { id: 'bytes', label: 'Bytes', width: 80, align: 'right', sort: 'bytes', cell: (row) => bytes(row.bytes) },
  { id: 'elapsed', label: 'Elapsed', width: 88, align: 'right', cell: (row) => duration(row.elapsed_ms) },
  { id: 'mime', label: 'Type', width: 150, cell: (row) => <HostileText text={row.mime} max={80} /> },
  {
    id: 'hierarchy',
    label: 'Hierarchy',
    width: 130,
    cell: (row) => <HostileText text={row.hierarchy} max={60} />,
  },
  {
    id: 'agent',
    label: 'User agent',
    width: 220,
    cell: (row) => <HostileText text={row.user_agent} max={160} />,
  },
  {
    id: 'referer',
    label: 'Referer',
    width: 200,
    cell: (row) => <HostileText text={row.referer} max={160} />,
  },
  { id: 'source', label: 'Source', width: 110, cell: (row) => <HostileText text={row.source} max={60} /> },
  {
    id: 'host',
    label: 'Log host',
    width: 140,
    sort: 'host',
    cell: (row) => <HostileText text={row.host} max={80} />,
  },
];

const DEFAULT = ['time', 'score', 'client', 'user', 'method', 'url', 'status', 'bytes'];
const KEY = 'tidegate.columns';

/** The columns an address names, else those this browser kept, else the usual ones; in the order there is. */
export function columnsOf(word: string | undefined): readonly Column[] {
  const wanted = (word ?? keptColumns() ?? '').split(',');
  const known = COLUMNS.filter(({ id }) => wanted.includes(id));
  return known.length > 0 ? known : COLUMNS.filter(({ id }) => DEFAULT.includes(id));
}

function keptColumns(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a choice in this browser; undefined goes back to the usual. */
export function keepColumns(ids: readonly string[] | undefined) {
  try {
    if (ids) localStorage.setItem(KEY, ids.join(','));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: the address has the choice.
  }
}
