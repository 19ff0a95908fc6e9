// Categories of rules, to be switched on and off.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ask, askKey, client, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useMay } from '@/api/me';
import { useTimeRange } from '@/lib/hooks';
import { titled } from '@/lib/text';
import { number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Empty, Panel } from '@/ui/panel';
import { toast } from '@/ui/toast';

type Category = Shape<'CategoryRow'>;

function useToggle() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { category: string; enabled: boolean }) =>
      client.POST('/api/waf/categories/toggle', { body }),
    onSuccess: async (_, { category, enabled }) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: askKey('/api/waf/categories') }),
        queries.invalidateQueries({ queryKey: askKey('/api/waf/rules') }),
      ]);
      toast(`${titled(category)} is ${enabled ? 'on' : 'off'} for lines from now on.`);
    },
    onError: (failure) => toast.failed(messageOf(failure)),
  });
}

export function Categories() {
  const { query } = useTimeRange();
  const may = useMay('settings:write');
  const { mutate, isPending, variables } = useToggle();
  const categories = useQuery(ask('/api/waf/categories', { params: { query } }));
  const busy = isPending ? variables.category : undefined;
  const columns = useMemo<ColumnDef<Category>[]>(
    () => [
      {
        accessorKey: 'title',
        header: 'Category',
        meta: { grow: true, className: 'min-w-48' },
        cell: ({ row: { original } }) => (
          <>
            <b className="font-medium">{original.title || titled(original.name)}</b>{' '}
            <code className="font-mono text-xs text-muted">{original.name}</code>
          </>
        ),
      },
      {
        accessorKey: 'rules',
        header: 'Rules',
        meta: { align: 'right' },
        cell: ({ row: { original } }) => (
          <Link
            to="/rules"
            search={{ category: original.name }}
            className="text-accent hover:underline"
            aria-label={`${number(original.rules)} rules of ${original.name}`}
          >
            {number(original.rules)}
          </Link>
        ),
      },
      {
        accessorKey: 'hits',
        header: 'Hits',
        meta: { align: 'right' },
        cell: ({ row: { original } }) =>
          original.hits > 0 ? (
            <Link
              to="/logs"
              search={{ waf_category: original.name }}
              className="text-accent hover:underline"
              aria-label={`${number(original.hits)} rows that rules of ${original.name} matched`}
            >
              {number(original.hits)}
            </Link>
          ) : (
            '0'
          ),
      },
      {
        accessorKey: 'enabled',
        header: 'State',
        cell: ({ row: { original } }) => (
          <span className="flex items-center gap-2 whitespace-nowrap">
            <Badge tone={original.enabled ? 'ok' : 'neutral'}>{original.enabled ? 'on' : 'off'}</Badge>
            {may && (
              <Button
                size="small"
                busy={busy === original.name}
                aria-label={`Switch ${original.enabled ? 'off' : 'on'} ${original.name}`}
                onClick={() => mutate({ category: original.name, enabled: !original.enabled })}
              >
                Switch {original.enabled ? 'off' : 'on'}
              </Button>
            )}
          </span>
        ),
      },
    ],
    [may, busy, mutate],
  );
  return (
    <Panel
      title="Categories"
      note={
        may
          ? 'Switching holds for lines scored from then on, and is audited. The job rescore scores stored rows anew.'
          : 'An administrator switches categories on and off.'
      }
      query={categories}
      flush
      height={400}
      empty={({ data }) => data.length === 0 && <Empty title="No rules are loaded" />}
    >
      {({ data }) => (
        <DataTable
          label="Categories"
          rows={data}
          columns={columns}
          rowId={({ name }) => name}
          sort={[{ id: 'hits', desc: true }]}
        />
      )}
    </Panel>
  );
}
