// Lines that could not be read: how many, why, samples, and reading them again.

import { useState } from 'react';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { client, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useSend } from '@/api/send';
import { useSetView, useView } from '@/lib/hooks';
import { reasonText } from '@/lib/rejects';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { Badge, Chip } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Dialog } from '@/ui/dialog';
import { Input } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { Empty, Panel } from '@/ui/panel';

type Count = Shape<'RejectCountRow'>;
type Reject = Shape<'Listing_RejectRow'>['data'][number];

const PAGE_ROWS = 20;
const MOST_CHARS = 2000;

export function Rejects() {
  const view = useView();
  const setView = useSetView();
  const [source, reason] = [one(view, 'source'), one(view, 'reason')];
  const [again, setAgain] = useState<Count>();
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/rejects', source, reason],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const filter = { ...(source ? { source } : {}), ...(reason ? { reason } : {}) };
      const asked = { limit: PAGE_ROWS, ...filter, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/rejects', { params: { query: asked as never }, signal });
      if (data === undefined) throw new Error('the answer is empty');
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const columns: ColumnDef<Count>[] = [
    {
      id: 'source',
      header: 'Source',
      accessorKey: 'source',
      cell: ({ row }) => <HostileText text={row.original.source} wrap />,
    },
    {
      id: 'reason',
      header: 'Reason',
      accessorKey: 'reason',
      meta: { grow: true, className: 'min-w-48' },
      cell: ({ row }) => (
        <>
          {reasonText(row.original.reason)}{' '}
          <span className="font-mono text-xs text-muted">{row.original.reason}</span>
        </>
      ),
    },
    {
      id: 'lines',
      header: 'Lines',
      accessorKey: 'lines',
      meta: { align: 'right' },
      cell: ({ row }) => number(row.original.lines),
    },
    {
      id: 'kept',
      header: 'Kept',
      accessorKey: 'kept',
      meta: { align: 'right' },
      cell: ({ row }) => number(row.original.kept),
    },
    {
      id: 'unkept',
      header: 'Only counted',
      accessorKey: 'unkept',
      meta: { align: 'right' },
      cell: ({ row }) => number(row.original.unkept),
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Actions</span>,
      enableSorting: false,
      cell: ({ row: { original: count } }) => (
        <span className="flex gap-1">
          <Button
            size="small"
            look="quiet"
            onClick={() => setView({ source: count.source, reason: count.reason })}
          >
            Only these
          </Button>
          <Button size="small" onClick={() => setAgain(count)}>
            Read again
          </Button>
        </span>
      ),
    },
  ];
  return (
    <>
      <Panel
        title="Rejected lines"
        note="Lines that are not in their source’s format; they are counted, and kept to be read again"
        query={query}
        flush
        actions={
          (source || reason) && (
            <Chip
              active
              onRemove={() => setView({ source: undefined, reason: undefined })}
              removeLabel="Show all rejected lines"
            >
              {[source, reason].filter(Boolean).join(', ')}
            </Chip>
          )
        }
        empty={({ pages }) =>
          pages[0]?.counts.length === 0 && (
            <Empty title="Every line could be read">
              {source || reason ? 'Of those asked for; take the filter away to see others.' : null}
            </Empty>
          )
        }
      >
        {({ pages }) => (
          <>
            <DataTable
              label="Rejected lines by source and reason"
              rows={pages[0]?.counts ?? []}
              columns={columns}
              rowId={(row) => `${row.source} ${row.reason}`}
            />
            <Samples rows={pages.flatMap(({ data }) => data)} />
            {query.hasNextPage && (
              <div className="px-4 pb-3">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Panel>
      {again && <ReadAgain count={again} onClose={() => setAgain(undefined)} />}
    </>
  );
}

/** The lines themselves, newest first: as they are, or as their shape while masking is on. */
function Samples({ rows }: { rows: readonly Reject[] }) {
  return (
    <div className="px-4 py-3">
      <h3 className="mb-2 text-xs font-medium text-muted">Samples, newest first</h3>
      {rows.some(({ is_shape: shape }) => shape) && (
        <Notice className="mb-2">
          Masking is on: you see the shape of a line, digits as 9 and letters as a and A. The scope pii:read
          shows the line.
        </Notice>
      )}
      <ul className="space-y-1">
        {rows.map((row) => (
          <li key={row.id} className="rounded border border-line bg-bg px-2 py-1">
            <p className="flex flex-wrap gap-x-3 text-xs text-muted">
              <HostileText text={row.source} />
              <span>{row.reason}</span>
              <span className="tabular">byte {number(row.offset)}</span>
              {row.kept !== 'whole' && <Badge>{row.kept} only</Badge>}
            </p>
            <HostileText text={row.line} mono wrap max={MOST_CHARS} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const FORMATS = ['auto', 'squid', 'combined', 'common'];

/** Reads the lines of a source and reason again, in another format if need be. */
function ReadAgain({ count, onClose }: { count: Count; onClose: () => void }) {
  const queries = useQueryClient();
  const [format, setFormat] = useState('');
  const read = useSend('post', '/api/rejects/reimport', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/rejects'] }),
  });
  const done = read.data?.data;
  const still = Object.entries(done?.still_rejected ?? {});
  const send = () =>
    read.mutate({
      body: {
        source: count.source,
        reason: count.reason,
        ...(format.trim() === '' ? {} : { format: format.trim() }),
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Read rejected lines again"
      description={`${number(count.kept)} lines of ${count.source}: ${reasonText(count.reason).toLowerCase()}`}
      footer={
        <Button look="primary" busy={read.isPending} onClick={send}>
          Read again
        </Button>
      }
    >
      <div className="space-y-3">
        <Input
          label="Format they are in"
          list="reject-formats"
          className="font-mono"
          spellCheck={false}
          value={format}
          hint="A name, a definition, or auto for the one that explains most of them. Empty: the format of their source, as this version reads it."
          onChange={(event) => setFormat(event.target.value)}
        />
        <datalist id="reject-formats">
          {FORMATS.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {read.error !== null && <Notice tone="danger">{messageOf(read.error)}</Notice>}
        {done && (
          <Notice tone={done.stored > 0 ? 'ok' : 'neutral'}>
            <p>
              {number(done.stored)} of {number(done.tried)} lines are rows now.
            </p>
            {still.map(([reason, lines]) => (
              <p key={reason}>
                {number(lines)} stay: {reasonText(reason).toLowerCase()}
              </p>
            ))}
            {done.not_whole > 0 && <p>{number(done.not_whole)} stay: not kept whole</p>}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
