// Requests to undo pseudonyms: one's own, or everybody's for whoever may decide about them.

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { client, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import type { Me } from '@/api/me';
import { useSend } from '@/api/send';
import { number } from '@/lib/units';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { HostileText } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { revealsKey } from './reveal-form';

type Request = Shape<'RevealRow'>;

const PAGE_ROWS = 50;
const EVERY_MS = 15_000;
const TONES: Readonly<Record<string, Tone>> = {
  pending: 'warn',
  approved: 'accent',
  used: 'neutral',
  expired: 'neutral',
};

export function RevealList({ me }: { me: Me }) {
  const decides = me.scopes.includes('admin') || me.scopes.includes('pii:read');
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: revealsKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const asked = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/privacy/reveals', { params: { query: asked }, signal });
      if (data === undefined) throw new Error('the answer is empty');
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  const approve = useSend('post', '/api/privacy/reveal/{id}/approve', {
    onSuccess: (answer) => toast(answer.message),
    onError: (failure) => toast.failed(messageOf(failure)),
    onSettled: () => queries.invalidateQueries({ queryKey: revealsKey }),
  });
  const columns: ColumnDef<Request>[] = [
    {
      id: 'asked',
      header: 'Asked (UTC)',
      accessorKey: 'requested_at',
      cell: ({ row }) => <When time={row.original.requested_at} />,
    },
    {
      id: 'by',
      header: 'By',
      accessorKey: 'requested_by',
      cell: ({ row }) => <HostileText text={row.original.requested_by} />,
    },
    {
      id: 'pseudonym',
      header: 'Pseudonym',
      accessorKey: 'pseudonym',
      cell: ({ row }) => <HostileText text={row.original.pseudonym} mono />,
    },
    {
      id: 'reason',
      header: 'Reason',
      accessorKey: 'reason',
      meta: { grow: true, className: 'min-w-56' },
      cell: ({ row }) => <HostileText text={row.original.reason} wrap />,
    },
    {
      id: 'status',
      header: 'Status',
      accessorKey: 'status',
      cell: ({ row }) => <Badge tone={TONES[row.original.status] ?? 'neutral'}>{row.original.status}</Badge>,
    },
    {
      id: 'approved',
      header: 'Approved',
      enableSorting: false,
      cell: ({ row: { original: request } }) =>
        request.approved_by ? (
          <>
            <HostileText text={request.approved_by} />{' '}
            <span className="text-xs text-muted">
              <When time={request.approved_at} relative />
            </span>
          </>
        ) : (
          <span className="text-muted">–</span>
        ),
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Decide</span>,
      enableSorting: false,
      cell: ({ row: { original: request } }) =>
        decides && request.status === 'pending' && request.requested_by !== me.username ? (
          <Button
            size="small"
            disabled={approve.isPending}
            aria-label={`Approve request ${request.id} of ${request.requested_by}`}
            onClick={() => approve.mutate({ params: { path: { id: request.id } } })}
          >
            Approve
          </Button>
        ) : null,
    },
  ];
  return (
    <Panel
      title={decides ? 'Requests' : 'Your requests'}
      note="A request waits a day; an approved one is answered once, within 15 minutes"
      query={query}
      flush
      empty={({ pages }) =>
        pages[0]?.total === 0 && (
          <Empty title="Nobody has asked yet">Requests that wait for a second person appear here.</Empty>
        )
      }
    >
      {({ pages }) => {
        const rows = pages.flatMap(({ data }) => data);
        return (
          <>
            <DataTable
              label="Requests to undo pseudonyms"
              rows={rows}
              columns={columns}
              rowId={({ id }) => String(id)}
            />
            {query.hasNextPage && (
              <div className="px-4 py-2 text-xs text-muted">
                {number(rows.length)} of {number(pages[0]?.total ?? 0)}{' '}
                <Button
                  size="small"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Panel>
  );
}
