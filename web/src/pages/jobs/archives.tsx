// Archives: what is in them, writing one, taking one away or along.

import { useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { useMay } from '@/api/me';
import { useSend } from '@/api/send';
import { bytes, number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { Button, buttonClass } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { CopyText } from '@/ui/copy-text';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Card, Empty, Panel } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { useJobs, useRunJob } from './job-list';

type Archive = Shape<'ArchiveRow'>;

const archivesKey = ['get', '/api/archives'] as const;

export function Archives() {
  const mayChange = useMay('admin');
  const queries = useQueryClient();
  const query = useQuery(ask('/api/archives'));
  const remove = useSend('delete', '/api/archives/{name}', {
    onSuccess: () => queries.invalidateQueries({ queryKey: archivesKey }),
  });
  const [doomed, setDoomed] = useState<Archive>();
  const columns: ColumnDef<Archive>[] = [
    {
      id: 'name',
      header: 'Archive',
      accessorKey: 'name',
      meta: { grow: true, className: 'min-w-64' },
      cell: ({ row: { original: archive } }) => (
        <>
          <p className="font-mono text-[0.8125rem]">{archive.name}</p>
          {archive.error && <p className="text-xs text-danger">{archive.error}</p>}
        </>
      ),
    },
    {
      id: 'rows',
      header: 'Rows',
      accessorFn: ({ rows }) => rows ?? -1,
      meta: { align: 'right' },
      cell: ({ row }) => count(row.original.rows),
    },
    {
      id: 'first',
      header: 'Oldest row (UTC)',
      accessorFn: ({ first_event: first }) => first ?? '',
      cell: ({ row }) => <When time={row.original.first_event} />,
    },
    {
      id: 'last',
      header: 'Newest row (UTC)',
      accessorFn: ({ last_event: last }) => last ?? '',
      cell: ({ row }) => <When time={row.original.last_event} />,
    },
    {
      id: 'bytes',
      header: 'Size',
      accessorKey: 'bytes',
      meta: { align: 'right' },
      cell: ({ row }) => bytes(row.original.bytes),
    },
    {
      id: 'masking',
      header: 'Of a person it shows',
      accessorFn: ({ masking }) => masking ?? '',
      cell: ({ row }) => <MaskingOf archive={row.original} />,
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Actions</span>,
      enableSorting: false,
      cell: ({ row: { original: archive } }) => (
        <span className="flex gap-1 whitespace-nowrap">
          {!archive.error && (
            <a
              href={archive.download}
              download
              className={buttonClass('plain', 'small')}
              aria-label={`Download ${archive.name}`}
            >
              Download
            </a>
          )}
          {mayChange && (
            <Button
              size="small"
              look="quiet"
              aria-label={`Delete ${archive.name}`}
              onClick={() => setDoomed(archive)}
            >
              Delete
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <div className="space-y-4">
      <Panel
        title="Archives"
        note="Compressed, checksummed files of rows that retention removes or has removed"
        query={query}
        flush
        actions={mayChange && <WriteButton />}
        empty={({ data }) =>
          data.length === 0 && (
            <Empty title="No archive yet">
              Write one now, give the job archive a schedule, or switch archive_enabled on to have rows
              archived before retention removes them.
            </Empty>
          )
        }
      >
        {({ data }) => (
          <DataTable
            label="Archives"
            rows={data}
            columns={columns}
            rowId={({ name }) => name}
            sort={[{ id: 'last', desc: true }]}
          />
        )}
      </Panel>
      <Card
        title="Reading an archive back"
        note="Rows come back as they were; rows that are there already are not stored twice"
      >
        <p className="mb-2 text-muted">On the server, beside the data directory of this installation:</p>
        <CopyText text="tidegate import tidegate-….tar" label="the command" />
      </Card>
      <ConfirmDialog
        open={doomed !== undefined}
        onOpenChange={(open) => !open && setDoomed(undefined)}
        title="Delete the archive"
        action="Delete"
        typed={doomed?.name}
        onConfirm={() =>
          remove
            .mutateAsync({ params: { path: { name: doomed?.name ?? '' } } })
            .then((answer) => toast(answer.message))
        }
      >
        Its {count(doomed?.rows)} rows are gone then, unless the store or a copy of the file has them.
      </ConfirmDialog>
    </div>
  );
}

const count = (rows: number | null | undefined) => (typeof rows === 'number' ? number(rows) : '–');

function MaskingOf({ archive }: { archive: Archive }) {
  const words: Readonly<Record<string, string>> = {
    none: 'rows as stored',
    pseudonyms: 'pseudonyms',
    mask: 'nothing',
  };
  if (!archive.masking) return <span className="text-muted">–</span>;
  return (
    <>
      <Badge tone={archive.masking === 'none' ? 'neutral' : 'accent'}>
        {words[archive.masking] ?? archive.masking}
      </Badge>
      {(archive.erased_rows ?? 0) > 0 && (
        <p className="text-xs text-muted">{count(archive.erased_rows)} rows erased</p>
      )}
      {(archive.unreadable_rows ?? 0) > 0 && (
        <p className="text-xs text-warn">{count(archive.unreadable_rows)} rows could not be read</p>
      )}
    </>
  );
}

/** Writes the rows older than log_retention_days that are in no archive yet. */
function WriteButton() {
  const queries = useQueryClient();
  const jobs = useJobs();
  const { run, busy } = useRunJob();
  const job = jobs.data?.data.find(({ name }) => name === 'archive');
  // Once it has ended there may be an archive more.
  const ended = job?.last_run?.finished;
  useEffect(() => {
    if (ended) void queries.invalidateQueries({ queryKey: archivesKey });
  }, [queries, ended]);
  return (
    <Button size="small" icon="plus" busy={busy || job?.running === true} onClick={() => run('archive')}>
      Write one now
    </Button>
  );
}
