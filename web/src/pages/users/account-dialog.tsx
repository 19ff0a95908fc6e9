// Makes an account, or changes one.

import { useState, type FormEvent } from 'react';

import { ApiError, messageOf } from '@/api/error';
import { useMay, useMe } from '@/api/me';
import { useSend } from '@/api/send';
import { ROLES, roleMeaning } from '@/lib/roles';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { toast } from '@/ui/toast';
import type { Account } from './accounts';
import type { Secret } from './once-dialog';

interface Props {
  /** The account to change; a new one is made without. */
  account: Account | undefined;
  onClose: () => void;
  onSaved: (made?: Secret) => void;
}

export function AccountDialog({ account, onClose, onSaved }: Props) {
  const me = useMe();
  const mayGrant = useMay('admin') && account !== undefined && account.id !== me?.id;
  const [form, setForm] = useState({
    username: account?.username ?? '',
    display_name: account?.display_name ?? '',
    email: account?.email ?? '',
    role: account?.role ?? 'viewer',
    enabled: account?.enabled ?? true,
    pii_read: account?.pii_read ?? false,
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const create = useSend('post', '/api/users', {
    onSuccess: ({ data }) =>
      onSaved({
        title: `A password for ${data.username}`,
        label: 'the password',
        text: data.temporary_password ?? '',
        hint: 'It has to be changed at the first sign-in.',
      }),
  });
  const update = useSend('put', '/api/users/{id}', {
    onSuccess: (answer) => {
      toast(answer.message);
      onSaved();
    },
  });
  const failure = (account ? update.error : create.error) as unknown;
  const faults = failure instanceof ApiError ? failure.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { username, enabled, pii_read, ...both } = form;
    if (account === undefined) {
      create.mutate({ body: { username: username.trim(), ...both } });
      return;
    }
    // Only what is other than it was: a role that is set ends all sessions.
    const wanted = { ...both, enabled, pii_read };
    const changed = Object.entries(wanted).filter(
      ([name, value]) => account[name as keyof typeof wanted] !== value,
    );
    if (changed.length === 0) onClose();
    else update.mutate({ params: { path: { id: account.id } }, body: Object.fromEntries(changed) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={account ? `Account ${account.username}` : 'New account'}
    >
      <form onSubmit={submit} className="space-y-3">
        {account === undefined && (
          <Input
            label="Name to sign in with"
            required
            maxLength={64}
            autoComplete="off"
            value={form.username}
            errors={faults['username']}
            onChange={(event) => set({ username: event.target.value })}
          />
        )}
        <Input
          label="What to call them"
          value={form.display_name}
          errors={faults['display_name']}
          onChange={(event) => set({ display_name: event.target.value })}
        />
        <Input
          label="E-mail address"
          type="email"
          value={form.email}
          errors={faults['email']}
          onChange={(event) => set({ email: event.target.value })}
        />
        <Select
          label="Role"
          value={form.role}
          hint={`A ${form.role} ${roleMeaning(form.role)}.`}
          options={ROLES.map((value) => ({ value, label: value }))}
          errors={faults['role']}
          onChange={(event) => set({ role: event.target.value })}
        />
        {account && (
          <Checkbox
            label="May sign in"
            hint="Shutting an account out ends all its sessions."
            checked={form.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
          />
        )}
        {account && (
          <Checkbox
            label="Sees personal data while masking is on (pii:read)"
            hint={
              account.id === me?.id
                ? 'Somebody else has to grant this to you.'
                : 'No role gives this. The grant is in the audit log.'
            }
            disabled={!mayGrant}
            checked={form.pii_read}
            onChange={(event) => set({ pii_read: event.target.checked })}
          />
        )}
        {account === undefined && (
          <p className="text-muted">
            A password is drawn and shown once; it has to be changed at the first sign-in.
          </p>
        )}
        {failure !== null && Object.keys(faults).length === 0 && (
          <Notice tone="danger">{messageOf(failure)}</Notice>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending || update.isPending}>
            {account ? 'Save' : 'Make the account'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
