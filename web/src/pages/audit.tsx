// Who did what, when, and how that was before and after.

import { useState } from 'react';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { client } from '@/api/client';
import { messageOf } from '@/api/error';
import { summary } from '@/lib/changes';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { HostileText, Masked } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { When } from '@/ui/when';
import { EntryDrawer, type Entry } from './audit/entry-drawer';
import { AuditFilters } from './audit/filters';
import { stateTone } from './audit/state';
import { NeedsScope } from './needs-scope';

const PAGE_ROWS = 100;

export function Audit() {
  return (
    <Page title="Audit" note="Every change, with who made it; entries are chained by hashes">
      <NeedsScope scope="audit:read" what="The audit log is">
        <Verify />
        <Entries />
      </NeedsScope>
    </Page>
  );
}

/** Checks that the log is what was written. */
function Verify() {
  const verify = useMutation({
    mutationFn: async () => (await client.GET('/api/audit-log/verify', {})).data?.data,
  });
  const found = verify.data;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <Button icon="check" busy={verify.isPending} onClick={() => verify.mutate()}>
        Verify the log
      </Button>
      {verify.error && <Notice tone="danger">{messageOf(verify.error)}</Notice>}
      {found && (
        <Notice tone={found.valid ? 'ok' : 'danger'}>
          {found.valid
            ? `All ${number(found.entries)} entries are as they were written, none is missing.`
            : `The log was tampered with: entry ${found.first_broken_id ?? '?'} of ${number(found.entries)} is the first that was changed, put in or removed.`}
        </Notice>
      )}
    </div>
  );
}

const COLUMNS: ColumnDef<Entry>[] = [
  {
    id: 'time',
    header: 'Time (UTC)',
    enableSorting: false,
    cell: ({ row }) => <When time={row.original.timestamp} />,
  },
  {
    id: 'who',
    header: 'Who',
    enableSorting: false,
    cell: ({ row }) => <HostileText text={row.original.username} />,
  },
  {
    id: 'action',
    header: 'Action',
    enableSorting: false,
    cell: ({ row }) => (
      <code className="font-mono text-[0.8125rem] whitespace-nowrap">{row.original.action}</code>
    ),
  },
  {
    id: 'target',
    header: 'Target',
    enableSorting: false,
    cell: ({ row }) => <HostileText text={row.original.target} max={60} />,
  },
  {
    id: 'change',
    header: 'What changed',
    enableSorting: false,
    meta: { grow: true, className: 'min-w-64' },
    cell: ({ row }) => (
      <HostileText
        text={summary(row.original.details.before, row.original.details.after)}
        max={200}
        wrap
        className="text-muted"
      />
    ),
  },
  {
    id: 'from',
    header: 'From',
    enableSorting: false,
    cell: ({ row }) =>
      row.original.source_ip ? (
        <Masked value={row.original.source_ip} />
      ) : (
        <span className="text-muted">this machine</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    enableSorting: false,
    cell: ({ row }) => <Badge tone={stateTone(row.original.state)}>{row.original.state}</Badge>,
  },
];

function Entries() {
  const view = useView();
  const setView = useSetView();
  const { query: window, range, setRange } = useTimeRange();
  const [opened, setOpened] = useState<Entry>();
  const [action, username, target, q] = (['action', 'username', 'target', 'q'] as const).map((name) =>
    one(view, name),
  );
  const filter = {
    ...(action && { action }),
    ...(username && { username }),
    ...(target && { target }),
    ...(q && { q }),
  };
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/audit-log', filter, window],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const asked = { limit: PAGE_ROWS, ...filter, ...window, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/audit-log', { params: { query: asked as never }, signal });
      if (data === undefined) throw new Error('the answer is empty');
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const columns: ColumnDef<Entry>[] = [
    ...COLUMNS,
    {
      id: 'open',
      header: () => <span className="sr-only">Details</span>,
      enableSorting: false,
      cell: ({ row }) => (
        <Button
          size="small"
          look="quiet"
          aria-label={`Details of entry ${row.original.id}`}
          onClick={() => setOpened(row.original)}
        >
          Details
        </Button>
      ),
    },
  ];
  const filtered = Object.keys(filter).length > 0;
  return (
    <>
      <AuditFilters />
      <Panel
        title="Entries"
        note={`${rangeLabel(range)}, newest first`}
        query={query}
        flush
        height={320}
        empty={({ pages }) =>
          pages[0]?.total === 0 && (
            <Empty title="No entry">
              <p>
                {filtered
                  ? 'None fits these filters in this time.'
                  : `Nothing was changed: ${rangeLabel(range).toLowerCase()}.`}
              </p>
              <p className="mt-2 flex flex-wrap gap-2">
                {range.kind !== 'all' && (
                  <Button onClick={() => setRange({ kind: 'all' })}>Show all time</Button>
                )}
                {filtered && (
                  <Button
                    onClick={() =>
                      setView({ action: undefined, username: undefined, target: undefined, q: undefined })
                    }
                  >
                    Clear the filters
                  </Button>
                )}
              </p>
            </Empty>
          )
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          return (
            <>
              <DataTable
                label="Entries of the audit log"
                rows={rows}
                columns={columns}
                rowId={({ id }) => String(id)}
                onRow={setOpened}
              />
              <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-2 text-xs text-muted">
                <span className="tabular">
                  {number(rows.length)} of {number(pages[0]?.total ?? 0)} entries
                </span>
                {query.hasNextPage && (
                  <Button
                    size="small"
                    busy={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    Show more
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Panel>
      <EntryDrawer entry={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}
