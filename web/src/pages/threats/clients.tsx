// The clients that rules had most to say of.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { useTimeRange } from '@/lib/hooks';
import { number } from '@/lib/units';
import { scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { ClientLink } from '@/ui/links';
import { Empty, Panel } from '@/ui/panel';

type Row = Shape<'ClientStatistics'>['clients'][number];

const SHOWN = 12;

const COLUMNS: ColumnDef<Row>[] = [
  {
    accessorKey: 'ip_address',
    header: 'Client',
    meta: { grow: true },
    cell: ({ row }) => <ClientLink client={row.original.ip_address} name={row.original.client_name} />,
  },
  {
    accessorKey: 'max_score',
    header: 'Worst',
    meta: { align: 'right' },
    cell: ({ row: { original } }) => (
      <Link
        to="/logs"
        search={{ client_ip: original.ip_address, tag: 'flagged' }}
        aria-label={`${number(original.max_score ?? 0)}, flagged rows of ${original.ip_address}`}
      >
        <Badge tone={scoreTone(original.max_score ?? 0)}>{number(original.max_score ?? 0)}</Badge>
      </Link>
    ),
  },
  {
    accessorKey: 'blocked',
    header: 'Blocked',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.blocked),
  },
  {
    accessorKey: 'requests',
    header: 'Requests',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.requests),
  },
];

const scored = (rows: readonly Row[]) => rows.filter(({ max_score }) => (max_score ?? 0) > 0);

export function ClientsByScore() {
  const { query } = useTimeRange();
  const clients = useQuery(
    ask('/api/clients/statistics', { params: { query: { ...query, sort: 'max_score', limit: SHOWN } } }),
  );
  return (
    <Panel
      title="Clients by score"
      note="The worst of their rows."
      query={clients}
      flush
      empty={({ data }) =>
        scored(data.clients).length === 0 && <Empty title="No client has a score in this time" />
      }
    >
      {({ data }) => (
        <DataTable
          label="Clients by score"
          rows={scored(data.clients)}
          columns={COLUMNS}
          rowId={({ ip_address }) => ip_address}
        />
      )}
    </Panel>
  );
}
