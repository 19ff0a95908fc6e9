// Everybody who asks the proxy for something.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ask, type Shape } from '@/api/client';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { parseTime } from '@/lib/time';
import { bytes, compact, number, share } from '@/lib/units';
import { scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { ClientLink } from '@/ui/links';
import { Input } from '@/ui/field';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { StatTile } from '@/ui/stat-tile';
import { When } from '@/ui/when';

type Row = Shape<'ClientStatistics'>['clients'][number];

const LIMIT = 500;
/** Shown until all are asked for. */
const FIRST = 100;

const COLUMNS: ColumnDef<Row>[] = [
  {
    accessorKey: 'ip_address',
    header: 'Client',
    meta: { grow: true, className: 'min-w-36' },
    cell: ({ row }) => <ClientLink client={row.original.ip_address} name={row.original.client_name} />,
  },
  {
    accessorKey: 'status',
    header: 'State',
    cell: ({ row }) => (
      <Badge tone={row.original.status === 'Active' ? 'ok' : 'neutral'}>{row.original.status}</Badge>
    ),
  },
  {
    accessorKey: 'requests',
    header: 'Requests',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.requests),
  },
  {
    accessorKey: 'blocked',
    header: 'Blocked',
    meta: { align: 'right' },
    cell: ({ row: { original } }) => (
      <>
        {number(original.blocked)}
        {original.blocked > 0 && (
          <span className="ml-1.5 text-xs text-muted">{share(original.blocked, original.requests)}</span>
        )}
      </>
    ),
  },
  {
    accessorKey: 'bytes',
    header: 'Received',
    meta: { align: 'right' },
    cell: ({ row }) => bytes(row.original.bytes),
  },
  {
    id: 'max_score',
    accessorFn: (row) => row.max_score ?? -1,
    header: 'Worst score',
    meta: { align: 'right' },
    cell: ({ row: { original } }) =>
      original.max_score ? (
        <Link to="/logs" search={{ client_ip: original.ip_address, min_score: String(original.max_score) }}>
          <Badge tone={scoreTone(original.max_score)}>{number(original.max_score)}</Badge>
        </Link>
      ) : (
        <span className="text-muted">{original.max_score === 0 ? '0' : '–'}</span>
      ),
  },
  {
    id: 'last_seen',
    accessorFn: (row) => parseTime(row.last_seen) || 0,
    header: 'Last seen',
    cell: ({ row }) => <When time={row.original.last_seen} relative />,
  },
  {
    id: 'rows',
    header: () => <span className="sr-only">Log</span>,
    enableSorting: false,
    cell: ({ row }) => (
      <Link
        to="/logs"
        search={{ client_ip: row.original.ip_address }}
        className="text-accent hover:underline"
        aria-label={`Rows of ${row.original.ip_address}`}
      >
        Rows
      </Link>
    ),
  },
];

/** Whether a client is meant by what was typed. */
function matches({ ip_address, client_name }: Row, words: string): boolean {
  return `${ip_address} ${client_name ?? ''}`.toLowerCase().includes(words.toLowerCase());
}

export function Clients() {
  const { range, query } = useTimeRange();
  const words = one(useView(), 'q') ?? '';
  const all = one(useView(), 'all') === '1';
  const setView = useSetView();
  const clients = useQuery(ask('/api/clients/statistics', { params: { query: { ...query, limit: LIMIT } } }));
  const found = clients.data?.data;
  const rows = useMemo(
    () => (found?.clients ?? []).filter((client) => matches(client, words)),
    [found, words],
  );
  return (
    <Page title="Clients" note={`Who asked the proxy for something. ${rangeLabel(range)}.`}>
      {found && (
        <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
          <StatTile
            label="Clients"
            value={compact(found.total_clients)}
            title={number(found.total_clients)}
          />
          <StatTile
            label="Active"
            value={number(found.clients.filter(({ status }) => status === 'Active').length)}
            note="seen within 15 minutes"
          />
          <StatTile
            label="Blocked at least once"
            value={number(found.clients.filter(({ blocked }) => blocked > 0).length)}
          />
          <StatTile
            label="With a flagged row"
            value={number(found.clients.filter(({ max_score }) => (max_score ?? 0) >= 5).length)}
            note="worst score of 5 or more"
          />
        </div>
      )}
      <Panel
        title="By requests"
        note={
          found && found.total_clients > found.clients.length
            ? `The ${number(found.clients.length)} with most requests, of ${number(found.total_clients)}.`
            : 'Times are UTC; received are bytes sent to the client.'
        }
        query={clients}
        flush
        height={400}
        actions={
          <Input
            label="Find a client"
            hideLabel
            type="search"
            placeholder="Find a client"
            value={words}
            onChange={(event) => setView({ q: event.target.value || undefined }, { replace: true })}
          />
        }
        empty={({ data }) =>
          data.clients.length === 0 ? (
            <Empty title="No client in this time">
              Choose a longer time above, or see under Sources whether lines come.
            </Empty>
          ) : rows.length === 0 ? (
            <Empty title="No client is called that">Only those listed here are searched.</Empty>
          ) : undefined
        }
      >
        {() => (
          <>
            <DataTable
              label="Clients"
              rows={rows}
              most={all ? undefined : FIRST}
              columns={COLUMNS}
              rowId={({ ip_address }) => ip_address}
              sort={[{ id: 'requests', desc: true }]}
            />
            {!all && rows.length > FIRST && (
              <Button size="small" look="quiet" className="m-2" onClick={() => setView({ all: '1' })}>
                Show all {number(rows.length)}
              </Button>
            )}
          </>
        )}
      </Panel>
    </Page>
  );
}
