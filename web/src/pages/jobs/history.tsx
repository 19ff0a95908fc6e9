// Runs of jobs, newest first.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '@/api/client';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { duration } from '@/lib/units';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Select } from '@/ui/field';
import { Pager } from '@/ui/pager';
import { Empty, Panel } from '@/ui/panel';
import { When } from '@/ui/when';
import { useJobs } from './job-list';
import { OutcomeBadge, ResultText, type Run } from './outcome';

const PAGE_ROWS = 50;

const COLUMNS: ColumnDef<Run>[] = [
  { id: 'id', header: 'Run', accessorKey: 'id', meta: { align: 'right' } },
  {
    id: 'name',
    header: 'Job',
    accessorKey: 'name',
    cell: ({ row }) => <code className="font-mono text-[0.8125rem]">{row.original.name}</code>,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    accessorKey: 'outcome',
    cell: ({ row }) => <OutcomeBadge outcome={row.original.outcome} />,
  },
  {
    id: 'started',
    header: 'Began (UTC)',
    accessorKey: 'started',
    cell: ({ row }) => <When time={row.original.started} />,
  },
  {
    id: 'duration',
    header: 'Took',
    accessorFn: ({ duration_ms: ms }) => ms ?? -1,
    meta: { align: 'right' },
    cell: ({ row }) =>
      typeof row.original.duration_ms === 'number' ? duration(row.original.duration_ms) : '–',
  },
  { id: 'by', header: 'By', accessorKey: 'started_by' },
  {
    id: 'result',
    header: 'Result',
    enableSorting: false,
    meta: { grow: true, className: 'min-w-56' },
    cell: ({ row }) => <ResultText run={row.original} />,
  },
];

export function JobHistory() {
  const view = useView();
  const setView = useSetView();
  const jobs = useJobs();
  const name = one(view, 'job') ?? '';
  const offset = Math.max(0, Math.floor(Number(one(view, 'offset') ?? 0)) || 0);
  const query = useQuery({
    ...ask('/api/jobs/runs', {
      params: { query: { limit: PAGE_ROWS, offset, ...(name === '' ? {} : { name }) } },
    }),
    placeholderData: keepPreviousData,
  });
  const go = (to: number) => () => setView({ offset: to === 0 ? undefined : String(to) });
  return (
    <Panel
      title="Runs"
      flush
      query={query}
      height={320}
      actions={
        <div className="w-56">
          <Select
            label="Job"
            hideLabel
            value={name}
            options={[
              { value: '', label: 'All jobs' },
              ...(jobs.data?.data ?? []).map((job) => ({ value: job.name, label: job.name })),
            ]}
            onChange={(event) => setView({ job: event.target.value || undefined, offset: undefined })}
          />
        </div>
      }
      empty={({ total }) =>
        total === 0 && <Empty title="No run yet">Jobs run by their schedule, or with Run now.</Empty>
      }
    >
      {({ data, total }) => (
        <>
          <DataTable label="Runs of jobs" rows={data} columns={COLUMNS} rowId={({ id }) => String(id)} />
          <Pager
            total={total}
            count={data.length}
            noun="runs"
            onFirst={offset > 0 ? go(0) : undefined}
            onPrevious={offset > 0 ? go(Math.max(0, offset - PAGE_ROWS)) : undefined}
            onNext={offset + data.length < total ? go(offset + PAGE_ROWS) : undefined}
          />
        </>
      )}
    </Panel>
  );
}
