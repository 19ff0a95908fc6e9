// The panels of a client's page.

import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Shape } from '@/api/client';
import { BarList } from '@/charts/bar-list';
import type { Series } from '@/charts/series';
import { TimeSeries, TimeSeriesTable } from '@/charts/time-series';
import { bucketsOf } from '@/lib/buckets';
import { titled } from '@/lib/text';
import { bytes, compact, number, share } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { DestinationLink, hostOf, isDomain } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';
import { Empty, Panel, type PanelQuery } from '@/ui/panel';
import { StatTile } from '@/ui/stat-tile';
import { When } from '@/ui/when';

type Details = Shape<'ClientDetails'>;
type Query = PanelQuery<{ data: Details }>;

export function ClientTiles({ client }: { client: Details }) {
  const worst = Math.max(0, ...client.score_history.map(({ score }) => score));
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-5">
      <StatTile
        label="Requests, all time"
        value={compact(client.total_requests)}
        title={number(client.total_requests)}
      />
      <StatTile
        label="Blocked, all time"
        value={compact(client.blocked)}
        title={number(client.blocked)}
        note={share(client.blocked, client.total_requests)}
      />
      <StatTile label="Received, all time" value={bytes(client.bytes)} />
      <StatTile
        label="Worst score"
        value={number(worst)}
        note="in this time"
        tone={worst >= 5 ? 'danger' : 'neutral'}
      />
      <StatTile
        label="Last seen"
        value={
          <span className="text-base">
            <When time={client.last_seen} relative />
          </span>
        }
        note={
          <>
            first seen <When time={client.first_seen} />
          </>
        }
      />
    </div>
  );
}

/** Only buckets with scored rows are told; those between them are none. */
export function ClientScores({ query }: { query: Query }) {
  const history = query.data?.data.score_history;
  const { times, widthMs, series } = useMemo(() => {
    const scores: Series[] = [
      {
        label: 'Worst score',
        values: (history ?? []).map(({ score }) => score),
        color: '--color-series-4',
        kind: 'bars',
      },
    ];
    return { ...bucketsOf(history ?? []), series: scores };
  }, [history]);
  return (
    <Panel
      title="Worst score over time"
      note="The most points that rules gave one of its rows."
      query={query}
      height={180}
      empty={({ data }) =>
        data.score_history.every(({ score }) => score === 0) && (
          <Empty title="No rule matched">Nothing this client asked for gave points in this time.</Empty>
        )
      }
      table={() => <TimeSeriesTable times={times} series={series} format={number} />}
    >
      {() => (
        <TimeSeries
          label="Worst score of this client over time"
          times={times}
          widthMs={widthMs}
          series={series}
          format={number}
          height={160}
        />
      )}
    </Panel>
  );
}

export function ClientServices({ query }: { query: Query }) {
  return (
    <Panel
      title="Services used"
      note="Known cloud services; unsanctioned ones are shadow IT."
      query={query}
      empty={({ data }) => data.services.length === 0 && <Empty title="No known service in this time" />}
    >
      {({ data }) => (
        <BarList
          label="Services used by this client"
          nameLabel="Service"
          valueLabel="Requests"
          bars={data.services.map(({ name, category, requests, bytes: size, sanctioned }) => ({
            key: name,
            name: (
              <>
                {name} <span className="text-xs text-muted">{category ? titled(category) : 'other'}</span>{' '}
                {!sanctioned && <Badge tone="warn">not sanctioned</Badge>}
              </>
            ),
            value: requests,
            note: bytes(size),
          }))}
        />
      )}
    </Panel>
  );
}

export function ClientDestinations({ query, client }: { query: Query; client: string }) {
  return (
    <Panel
      title="Where it went"
      note="Destinations by requests, blocked ones in red."
      query={query}
      empty={({ data }) => data.top_domains.length === 0 && <Empty title="Nowhere in this time" />}
    >
      {({ data }) => (
        <BarList
          label="Destinations of this client"
          nameLabel="Destination"
          valueLabel="Requests"
          partLabel="blocked"
          bars={data.top_domains.slice(0, 12).map(({ destination, requests, blocked }) => ({
            key: destination,
            name: <DestinationLink destination={destination} />,
            value: requests,
            part: blocked,
            note: isDomain(hostOf(destination)) && (
              <Link
                to="/logs"
                search={{ client_ip: client, destination }}
                className="text-accent hover:underline"
                aria-label={`Rows to ${destination.slice(0, 80)}`}
              >
                rows
              </Link>
            ),
          }))}
        />
      )}
    </Panel>
  );
}

type Request = Details['recent'][number];

const REQUESTS: ColumnDef<Request>[] = [
  {
    accessorKey: 'timestamp',
    header: 'Time (UTC)',
    cell: ({ row }) => <When time={row.original.timestamp} />,
  },
  {
    accessorKey: 'method',
    header: 'Method',
    cell: ({ row }) => <HostileText text={row.original.method} max={16} />,
  },
  {
    accessorKey: 'destination',
    header: 'Destination',
    meta: { grow: true },
    cell: ({ row }) => <DestinationLink destination={row.original.destination} max={60} />,
  },
  {
    accessorKey: 'status',
    header: 'Status',
    cell: ({ row }) => <HostileText text={row.original.status} max={40} />,
  },
  {
    accessorKey: 'bytes',
    header: 'Received',
    meta: { align: 'right' },
    cell: ({ row }) => bytes(row.original.bytes),
  },
];

export function ClientRequests({ query }: { query: Query }) {
  return (
    <Panel
      title="Newest requests"
      className="lg:col-span-2"
      query={query}
      flush
      empty={({ data }) => data.recent.length === 0 && <Empty title="None in this time" />}
    >
      {({ data }) => (
        <div className="max-h-96 overflow-y-auto">
          <DataTable
            label="Newest requests of this client"
            rows={data.recent}
            columns={REQUESTS}
            dense
            rowId={({ timestamp, destination }, index) => `${timestamp} ${destination} ${index}`}
          />
        </div>
      )}
    </Panel>
  );
}
