// Peers that were turned away by rate limits or after failed logins, and letting them in again.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useSend } from '@/api/send';
import { number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Masked } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Empty, Panel } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';

type Peer = Shape<'BlockedRow'>;

const EVERY_MS = 10_000;

export function TurnedAway() {
  const queries = useQueryClient();
  const query = useQuery({ ...ask('/api/security/rate-limits'), ...{ refetchInterval: EVERY_MS } });
  const forgive = useSend('delete', '/api/security/rate-limits/{ip}', {
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: ['get', '/api/security/rate-limits'] });
      toast(answer.message);
    },
    onError: (failure) => toast.failed(messageOf(failure)),
  });
  const columns: ColumnDef<Peer>[] = [
    {
      id: 'ip',
      header: 'Address',
      accessorKey: 'ip',
      meta: { grow: true },
      cell: ({ row }) => <Masked value={row.original.ip} />,
    },
    {
      id: 'attempts',
      header: 'Turned away',
      accessorKey: 'attempts',
      meta: { align: 'right' },
      cell: ({ row }) => number(row.original.attempts),
    },
    {
      id: 'blocked',
      header: 'Now',
      accessorKey: 'blocked',
      cell: ({ row }) => (
        <Badge tone={row.original.blocked ? 'danger' : 'ok'}>
          {row.original.blocked ? 'still out' : 'let in'}
        </Badge>
      ),
    },
    {
      id: 'until',
      header: 'Forgotten',
      accessorKey: 'expires_at',
      cell: ({ row }) => <When time={row.original.expires_at} relative />,
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Actions</span>,
      enableSorting: false,
      cell: ({ row }) => (
        <Button
          size="small"
          disabled={forgive.isPending}
          onClick={() => forgive.mutate({ params: { path: { ip: row.original.ip } } })}
        >
          Let in
        </Button>
      ),
    },
  ];
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Panel
        title="Turned away of late"
        query={query}
        flush
        empty={({ data }) =>
          data.length === 0 && (
            <Empty title="Nobody was turned away of late">
              Addresses that ask too often, or fail to sign in, appear here for as long as they are
              remembered.
            </Empty>
          )
        }
      >
        {({ data }) => (
          <DataTable label="Addresses turned away" rows={data} columns={columns} rowId={({ ip }) => ip} />
        )}
      </Panel>
      <Panel title="Limits in force" note="Changed in the settings, section API" query={query}>
        {({ meta }) => (
          <KeyValue
            items={[
              ['Limits', meta.enabled ? 'on' : 'off'],
              [
                'Requests per second',
                `${number(meta.burst_rate)}, ${number(meta.burst_size)} at once; ten times that for sessions`,
              ],
              ['Lists per minute', number(meta.list_per_minute)],
              ['Details per minute', number(meta.detail_per_minute)],
              ['Expensive per minute', number(meta.expensive_per_minute)],
              ['Queries per hour and key', number(meta.query_per_hour)],
              ['Callers counted now', number(meta.tracked)],
            ]}
          />
        )}
      </Panel>
    </div>
  );
}
