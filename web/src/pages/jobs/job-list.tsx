// Every job: when it runs, what came of it last, how far it is, and running it now.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useSend } from '@/api/send';
import { progressPart } from '@/lib/outcome';
import { describe } from '@/lib/schedule';
import { duration } from '@/lib/units';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Panel } from '@/ui/panel';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { OutcomeBadge, ResultText } from './outcome';

type Job = Shape<'JobInfo'>;

const RUNNING_MS = 1000;
const IDLE_MS = 30_000;

export const jobsKey = ['get', '/api/jobs'] as const;

/** Jobs, asked more often while one runs. */
export function useJobs() {
  return useQuery({
    ...ask('/api/jobs'),
    refetchInterval: (query) =>
      query.state.data?.data.some(({ running }) => running) ? RUNNING_MS : IDLE_MS,
  });
}

/** Begins a job, and has the lists that tell of it asked again. */
export function useRunJob() {
  const queries = useQueryClient();
  const run = useSend('post', '/api/jobs/{name}/run', {
    onSuccess: (_, { params }) => toast(`${params.path.name} has begun`),
    onError: (failure) => toast.failed(messageOf(failure)),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: jobsKey }),
        queries.invalidateQueries({ queryKey: ['get', '/api/jobs/runs'] }),
      ]),
  });
  return { run: (name: string) => run.mutate({ params: { path: { name } } }), busy: run.isPending };
}

export function JobList() {
  const query = useJobs();
  const { run, busy } = useRunJob();
  const columns: ColumnDef<Job>[] = [
    {
      id: 'name',
      header: 'Job',
      accessorKey: 'name',
      meta: { grow: true, className: 'min-w-56' },
      cell: ({ row: { original: job } }) => (
        <>
          <p className="font-mono text-[0.8125rem] font-medium">{job.name}</p>
          <p className="text-xs text-muted">{job.help}</p>
        </>
      ),
    },
    {
      id: 'schedule',
      header: 'Runs',
      enableSorting: false,
      cell: ({ row: { original: job } }) => <ScheduleOf job={job} />,
    },
    {
      id: 'next',
      header: 'Next',
      accessorFn: (job) => job.next_run ?? '',
      cell: ({ row: { original: job } }) =>
        job.next_run ? <When time={job.next_run} relative /> : <span className="text-muted">–</span>,
    },
    {
      id: 'last',
      header: 'Last run',
      accessorFn: (job) => job.last_run?.started ?? '',
      meta: { className: 'min-w-48' },
      cell: ({ row: { original: job } }) => <LastRun job={job} />,
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Run</span>,
      enableSorting: false,
      cell: ({ row: { original: job } }) => (
        <Button
          size="small"
          icon="play"
          disabled={job.running || busy}
          aria-label={`Run now: ${job.name}`}
          onClick={() => run(job.name)}
        >
          Run now
        </Button>
      ),
    },
  ];
  return (
    <Panel title="Jobs" note="Times of schedules are UTC" query={query} flush height={320}>
      {({ data }) => <DataTable label="Jobs" rows={data} columns={columns} rowId={({ name }) => name} />}
    </Panel>
  );
}

function ScheduleOf({ job }: { job: Job }) {
  const pattern = job.schedule ?? '';
  if (!job.schedule_setting) return <span className="text-muted">on demand</span>;
  return (
    <>
      <p className="whitespace-nowrap">{describe(pattern) ?? <code className="font-mono">{pattern}</code>}</p>
      <Link to="/settings" search={{ q: job.schedule_setting }} className="text-xs text-accent underline">
        {pattern === '' ? 'Set a schedule' : 'Change'}
      </Link>
    </>
  );
}

function LastRun({ job }: { job: Job }) {
  const last = job.last_run;
  if (!last) return <span className="text-muted">never</span>;
  if (job.running) {
    return <Progress part={progressPart(last.progress)} label={`${job.name} is running`} className="mt-2" />;
  }
  return (
    <>
      <p className="flex items-center gap-2 whitespace-nowrap">
        <OutcomeBadge outcome={last.outcome} /> <When time={last.started} relative />
        {typeof last.duration_ms === 'number' && (
          <span className="text-xs text-muted">{duration(last.duration_ms)}</span>
        )}
      </p>
      <ResultText run={last} />
    </>
  );
}
