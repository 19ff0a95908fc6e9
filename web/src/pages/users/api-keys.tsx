// One's own API keys: what they may, until when, and when they were used.

import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { useSend } from '@/api/send';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { HostileText } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { NewKeyDialog } from './new-key-dialog';
import { OnceDialog, type Secret } from './once-dialog';

type Key = Shape<'ApiKeyRow'>;

const MOST_KEYS = 1000;

export function ApiKeys() {
  const queries = useQueryClient();
  const query = useQuery(ask('/api/api-keys', { params: { query: { limit: MOST_KEYS } } }));
  const forget = () => queries.invalidateQueries({ queryKey: ['get', '/api/api-keys'] });
  const remove = useSend('delete', '/api/api-keys/{id}', { onSuccess: forget });
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [doomed, setDoomed] = useState<Key>();
  const columns: ColumnDef<Key>[] = [
    {
      id: 'name',
      header: 'Key',
      accessorKey: 'name',
      meta: { grow: true, className: 'min-w-48' },
      cell: ({ row: { original: key } }) => (
        <>
          <p className="font-medium">
            <HostileText text={key.name} wrap />
          </p>
          <p className="font-mono text-xs text-muted">{key.prefix}…</p>
        </>
      ),
    },
    {
      id: 'scopes',
      header: 'May',
      enableSorting: false,
      meta: { className: 'min-w-48' },
      cell: ({ row: { original: key } }) => (
        <>
          <p className="text-xs">{key.scopes.join(', ')}</p>
          {key.sources && <p className="text-xs text-muted">only of {key.sources.join(', ')}</p>}
        </>
      ),
    },
    {
      id: 'created',
      header: 'Made (UTC)',
      accessorKey: 'created_at',
      cell: ({ row }) => <When time={row.original.created_at} />,
    },
    {
      id: 'used',
      header: 'Last used',
      accessorFn: ({ last_used: used }) => used ?? '',
      cell: ({ row }) => <When time={row.original.last_used} relative />,
    },
    {
      id: 'ends',
      header: 'Ends',
      accessorFn: ({ expires_at: at }) => at ?? '',
      cell: ({ row: { original: key } }) =>
        key.expired ? <Badge tone="warn">ended</Badge> : <When time={key.expires_at} relative />,
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Actions</span>,
      enableSorting: false,
      cell: ({ row: { original: key } }) => (
        <Button
          size="small"
          look="quiet"
          aria-label={`Delete the key ${key.name}`}
          onClick={() => setDoomed(key)}
        >
          Delete
        </Button>
      ),
    },
  ];
  return (
    <>
      <Panel
        title="Your API keys"
        note="For programs; a key never may more than you may"
        query={query}
        flush
        actions={
          <Button size="small" icon="plus" onClick={() => setMaking(true)}>
            New key
          </Button>
        }
        empty={({ total }) =>
          total === 0 && (
            <Empty title="No key yet">
              Make one for each program, so that one can be taken away without the others.
            </Empty>
          )
        }
      >
        {({ data }) => (
          <DataTable label="Your API keys" rows={data} columns={columns} rowId={({ id }) => String(id)} />
        )}
      </Panel>
      {making && (
        <NewKeyDialog
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setSecret(key);
            void forget();
          }}
        />
      )}
      <OnceDialog secret={secret} onClose={() => setSecret(undefined)} />
      <ConfirmDialog
        open={doomed !== undefined}
        onOpenChange={(open) => !open && setDoomed(undefined)}
        title="Delete the API key"
        action="Delete"
        onConfirm={() =>
          remove
            .mutateAsync({ params: { path: { id: doomed?.id ?? 0 } } })
            .then((answer) => toast(answer.message))
        }
      >
        What uses “<HostileText text={doomed?.name} />” is refused from then on.
      </ConfirmDialog>
    </>
  );
}
