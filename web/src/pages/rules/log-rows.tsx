// A few rows of the log, as examples; each leads to itself.

import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { outcomeLabel, outcomeTone, scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { ClientLink } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';
import { When } from '@/ui/when';

type Row = Shape<'LogRow'>;

const COLUMNS: ColumnDef<Row>[] = [
  {
    accessorKey: 'timestamp',
    header: 'Time (UTC)',
    cell: ({ row: { original } }) => (
      <Link
        to="/logs"
        search={{ row: String(original.id), range: 'all' }}
        className="text-accent hover:underline"
        aria-label={`${original.timestamp}, row ${original.id}`}
      >
        <When time={original.timestamp} />
      </Link>
    ),
  },
  {
    accessorKey: 'client_ip',
    header: 'Client',
    cell: ({ row: { original } }) =>
      original.client_ip && <ClientLink client={original.client_ip} name={original.client_name} />,
  },
  {
    accessorKey: 'method',
    header: 'Method',
    cell: ({ row }) => <HostileText text={row.original.method} max={16} />,
  },
  {
    accessorKey: 'url',
    header: 'URL',
    meta: { grow: true, className: 'min-w-60' },
    cell: ({ row }) => <HostileText text={row.original.url} mono wrap max={300} />,
  },
  {
    accessorKey: 'outcome',
    header: 'Outcome',
    cell: ({ row: { original } }) => (
      <Badge tone={outcomeTone(original.outcome)}>{outcomeLabel(original.outcome)}</Badge>
    ),
  },
  {
    id: 'score',
    accessorFn: ({ waf }) => waf?.score ?? 0,
    header: 'Score',
    meta: { align: 'right' },
    cell: ({ row: { original } }) => {
      const score = original.waf?.score ?? 0;
      return score > 0 ? <Badge tone={scoreTone(score)}>{score}</Badge> : '0';
    },
  },
];

export function LogRows({ label, rows }: { label: string; rows: readonly Row[] }) {
  return <DataTable label={label} rows={rows} columns={COLUMNS} rowId={({ id }) => String(id)} dense />;
}
