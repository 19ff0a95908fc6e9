// The columns of domains.

import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { shortened, titled } from '@/lib/text';
import { bytes, number, share } from '@/lib/units';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import type { ColumnDef } from '@/ui/data-table';
import { DomainLink, isDomain } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';

export type DomainRow = Shape<'DomainRow'>;

const STATUS: Record<string, Tone> = { Allowed: 'neutral', Mixed: 'accent', Blocked: 'warn' };

export const DOMAIN_COLUMNS: ColumnDef<DomainRow>[] = [
  {
    accessorKey: 'domain_name',
    header: 'Domain',
    meta: { grow: true, className: 'min-w-44' },
    cell: ({ row: { original } }) => (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <DomainLink domain={original.domain_name} />
        {original.dga && (
          <Badge tone="danger" title="Looks as if a program had made it up">
            generated
          </Badge>
        )}
        {original.look_alike_of && (
          <Badge tone="danger">
            imitates <HostileText text={original.look_alike_of} max={60} />
          </Badge>
        )}
        {original.first_seen && (
          <Badge tone="accent" title={`First seen in the hour of ${original.first_seen}`}>
            new
          </Badge>
        )}
      </span>
    ),
  },
  {
    id: 'category',
    accessorFn: (row) => row.category ?? '',
    header: 'Category',
    cell: ({ row }) =>
      row.original.category ? titled(row.original.category) : <span className="text-muted">–</span>,
  },
  {
    accessorKey: 'status',
    header: 'Outcome',
    cell: ({ row }) => <Badge tone={STATUS[row.original.status] ?? 'neutral'}>{row.original.status}</Badge>,
  },
  {
    accessorKey: 'requests',
    header: 'Requests',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.requests),
  },
  {
    accessorKey: 'blocked',
    header: 'Blocked',
    meta: { align: 'right' },
    cell: ({ row: { original } }) => (
      <>
        {number(original.blocked)}
        {original.blocked > 0 && (
          <span className="ml-1.5 text-xs text-muted">{share(original.blocked, original.requests)}</span>
        )}
      </>
    ),
  },
  {
    accessorKey: 'bytes',
    header: 'Received',
    meta: { align: 'right' },
    cell: ({ row }) => bytes(row.original.bytes),
  },
  {
    accessorKey: 'clients',
    header: 'Clients',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.clients),
  },
  {
    id: 'rows',
    header: () => <span className="sr-only">Log</span>,
    enableSorting: false,
    cell: ({ row: { original } }) =>
      isDomain(original.domain_name) && (
        <Link
          to="/logs"
          search={{ domain: original.domain_name }}
          className="text-accent hover:underline"
          aria-label={`Rows of ${shortened(original.domain_name, 80)}`}
        >
          Rows
        </Link>
      ),
  },
];
