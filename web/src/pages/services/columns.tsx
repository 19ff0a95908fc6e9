// The columns of services.

import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { titled } from '@/lib/text';
import { bytes, number } from '@/lib/units';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import type { ColumnDef } from '@/ui/data-table';
import { DomainLink } from '@/ui/links';
import { When } from '@/ui/when';

export type Service = Shape<'ServiceUse'>;

const RISKS: Record<string, Tone> = { low: 'neutral', medium: 'warn', high: 'danger' };
const RANK: Record<string, number> = { low: 1, medium: 2, high: 3 };

/** How a service is sanctioned, by whoever may. */
export interface Sanction {
  /** The service it is being done to. */
  busy: string | undefined;
  set: (name: string, sanctioned: boolean) => void;
}

export function serviceColumns(sanction: Sanction | undefined): ColumnDef<Service>[] {
  return [
    {
      accessorKey: 'name',
      header: 'Service',
      meta: { grow: true, className: 'min-w-40' },
      cell: ({ row: { original } }) => (
        <span className="flex flex-wrap items-baseline gap-x-2">
          <b className="font-medium">{original.name}</b>
          {original.domain && <DomainLink domain={original.domain} />}
        </span>
      ),
    },
    {
      id: 'category',
      accessorFn: ({ category }) => category ?? '',
      header: 'Category',
      cell: ({ row }) =>
        row.original.category ? titled(row.original.category) : <span className="text-muted">–</span>,
    },
    {
      id: 'risk',
      accessorFn: ({ risk, sanctioned }) => (sanctioned ? 0 : (RANK[risk ?? ''] ?? 0)),
      header: 'Risk',
      cell: ({ row: { original } }) =>
        original.sanctioned || !original.risk ? (
          <span className="text-muted">–</span>
        ) : (
          <Badge tone={RISKS[original.risk] ?? 'neutral'}>{original.risk}</Badge>
        ),
    },
    {
      accessorKey: 'requests',
      header: 'Requests',
      meta: { align: 'right' },
      cell: ({ row: { original } }) => (
        <>
          {number(original.requests)}
          {original.blocked > 0 && (
            <span className="ml-1.5 text-xs text-danger">{number(original.blocked)} blocked</span>
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
      cell: ({ row: { original } }) =>
        original.domain ? (
          <Link
            to="/domains/$domain"
            params={{ domain: original.domain }}
            className="text-accent hover:underline"
            aria-label={`${number(original.clients)} clients of ${original.name}`}
          >
            {number(original.clients)}
          </Link>
        ) : (
          number(original.clients)
        ),
    },
    {
      id: 'first_seen',
      accessorFn: ({ first_seen }) => first_seen ?? '',
      header: 'Since',
      cell: ({ row: { original } }) =>
        original.first_seen ? (
          <When time={original.first_seen} />
        ) : (
          <span className="text-muted">earlier</span>
        ),
    },
    {
      accessorKey: 'sanctioned',
      header: 'Sanctioned',
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-2 whitespace-nowrap">
          <Badge tone={original.sanctioned ? 'ok' : 'warn'}>{original.sanctioned ? 'yes' : 'no'}</Badge>
          {sanction && (
            <Button
              size="small"
              busy={sanction.busy === original.name}
              aria-label={`${original.sanctioned ? 'No longer sanction' : 'Sanction'} ${original.name}`}
              onClick={() => sanction.set(original.name, !original.sanctioned)}
            >
              {original.sanctioned ? 'No longer' : 'Sanction'}
            </Button>
          )}
        </span>
      ),
    },
  ];
}
