// Changes one's own password.

import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';

import { ApiError, messageOf } from '@/api/error';
import { meQuery } from '@/api/me';
import { useSend } from '@/api/send';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { toast } from '@/ui/toast';

const EMPTY = { current: '', next: '', again: '' };

export function PasswordForm({ username }: { username: string }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState(EMPTY);
  const [differ, setDiffer] = useState(false);
  const change = useSend('post', '/api/change-password', {
    onSuccess: async (answer) => {
      setTyped(EMPTY);
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      toast(answer.message);
    },
  });
  const failure = change.error as unknown;
  const faults = failure instanceof ApiError ? failure.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDiffer(typed.next !== typed.again);
    if (typed.next !== typed.again) return;
    change.mutate({ body: { current_password: typed.current, new_password: typed.next } });
  };
  const field = (
    name: keyof typeof EMPTY,
    label: string,
    autoComplete: string,
    errors?: readonly string[],
  ) => (
    <Input
      label={label}
      type="password"
      autoComplete={autoComplete}
      required
      value={typed[name]}
      errors={errors}
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
    />
  );
  return (
    <form onSubmit={submit} className="space-y-3">
      <p className="text-muted">Your other sessions and tokens end with the change.</p>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      {field('current', 'Present password', 'current-password', faults['current_password'])}
      {field('next', 'New password', 'new-password', faults['new_password'])}
      {field('again', 'New password, once more', 'new-password', differ ? ['The two differ.'] : undefined)}
      {failure !== null && Object.keys(faults).length === 0 && (
        <Notice tone="danger">{messageOf(failure)}</Notice>
      )}
      <Button type="submit" busy={change.isPending}>
        Change the password
      </Button>
    </form>
  );
}
