// Everybody's accounts: made, changed, given another password, taken away.

import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { useMe } from '@/api/me';
import { useSend } from '@/api/send';
import { roleMeaning } from '@/lib/roles';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { HostileText } from '@/ui/hostile-text';
import { Panel } from '@/ui/panel';
import { Menu, MenuItem } from '@/ui/popup';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { AccountDialog } from './account-dialog';
import { OnceDialog, type Secret } from './once-dialog';

export type Account = Shape<'UserRow'>;
type Deed = { what: 'edit' | 'reset' | 'delete'; account: Account } | { what: 'create' };

const MOST_ACCOUNTS = 1000;

export function Accounts() {
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery(ask('/api/users', { params: { query: { limit: MOST_ACCOUNTS } } }));
  const forget = () => queries.invalidateQueries({ queryKey: ['get', '/api/users'] });
  const remove = useSend('delete', '/api/users/{id}', { onSuccess: forget });
  const reset = useSend('post', '/api/users/{id}/reset-password', { onSuccess: forget });
  const [deed, setDeed] = useState<Deed>();
  const [secret, setSecret] = useState<Secret>();
  const about = deed !== undefined && deed.what !== 'create' ? deed.account : undefined;
  const path = { params: { path: { id: about?.id ?? 0 } } };
  const done = () => setDeed(undefined);
  return (
    <>
      <Panel
        title="Accounts"
        query={query}
        flush
        height={240}
        actions={
          <Button size="small" icon="plus" onClick={() => setDeed({ what: 'create' })}>
            New account
          </Button>
        }
      >
        {({ data }) => (
          <DataTable
            label="Accounts"
            rows={data}
            columns={columnsOf(me?.id, setDeed)}
            rowId={({ id }) => String(id)}
          />
        )}
      </Panel>
      {(deed?.what === 'create' || deed?.what === 'edit') && (
        <AccountDialog
          account={about}
          onClose={done}
          onSaved={(made) => {
            done();
            if (made) setSecret(made);
            void forget();
          }}
        />
      )}
      <OnceDialog secret={secret} onClose={() => setSecret(undefined)} />
      <ConfirmDialog
        open={deed?.what === 'reset'}
        onOpenChange={(open) => !open && done()}
        title={`Reset the password of ${about?.username ?? ''}`}
        action="Reset"
        onConfirm={() =>
          reset.mutateAsync(path).then(({ data }) =>
            setSecret({
              title: `A password for ${data.username}`,
              label: 'the password',
              text: data.temporary_password,
              hint: 'It has to be changed at the next sign-in.',
            }),
          )
        }
      >
        A password is drawn that has to be changed at the next sign-in. The account’s sessions end, and its
        second factor comes off.
      </ConfirmDialog>
      <ConfirmDialog
        open={deed?.what === 'delete'}
        onOpenChange={(open) => !open && done()}
        title={`Delete the account ${about?.username ?? ''}`}
        action="Delete"
        typed={about?.username}
        onConfirm={() => remove.mutateAsync(path).then((answer) => toast(answer.message))}
      >
        The account goes with its sessions and API keys. What it did stays in the audit log.
      </ConfirmDialog>
    </>
  );
}

function columnsOf(myself: number | undefined, onDeed: (deed: Deed) => void): ColumnDef<Account>[] {
  return [
    {
      id: 'username',
      header: 'Name',
      accessorKey: 'username',
      meta: { grow: true, className: 'min-w-40' },
      cell: ({ row: { original: account } }) => (
        <>
          <p className="font-medium">
            <HostileText text={account.username} wrap /> {account.id === myself && <Badge>you</Badge>}
          </p>
          {(account.display_name || account.email) && (
            <p className="text-xs text-muted">
              <HostileText text={[account.display_name, account.email].filter(Boolean).join(', ')} wrap />
            </p>
          )}
        </>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      accessorKey: 'role',
      cell: ({ row }) => <span title={roleMeaning(row.original.role)}>{row.original.role}</span>,
    },
    {
      id: 'state',
      header: 'State',
      enableSorting: false,
      meta: { className: 'min-w-40' },
      cell: ({ row }) => <States account={row.original} />,
    },
    {
      id: 'login',
      header: 'Last signed in',
      accessorFn: ({ last_login: last }) => last ?? '',
      cell: ({ row }) => <When time={row.original.last_login} relative />,
    },
    {
      id: 'created',
      header: 'Made (UTC)',
      accessorKey: 'created_at',
      cell: ({ row }) => <When time={row.original.created_at} />,
    },
    {
      id: 'act',
      header: () => <span className="sr-only">Actions</span>,
      enableSorting: false,
      cell: ({ row: { original: account } }) => (
        <span className="flex items-center gap-1">
          <Button
            size="small"
            aria-label={`Edit ${account.username}`}
            onClick={() => onDeed({ what: 'edit', account })}
          >
            Edit
          </Button>
          <Menu
            trigger={<IconButton icon="down" label={`More for ${account.username}`} className="size-7" />}
          >
            <MenuItem onSelect={() => onDeed({ what: 'reset', account })}>Reset the password</MenuItem>
            <MenuItem onSelect={() => onDeed({ what: 'delete', account })}>Delete</MenuItem>
          </Menu>
        </span>
      ),
    },
  ];
}

function States({ account }: { account: Account }) {
  return (
    <span className="flex flex-wrap gap-1">
      {!account.enabled && <Badge tone="warn">shut out</Badge>}
      {account.must_change_password && <Badge tone="warn">password to be changed</Badge>}
      <Badge tone={account.totp ? 'ok' : 'neutral'}>
        {account.totp ? 'second factor' : 'no second factor'}
      </Badge>
      {account.pii_read && <Badge tone="accent">sees personal data</Badge>}
    </span>
  );
}
