// Chooses another password, where the present one is good for nothing else.

import { useState, type FormEvent } from 'react';
import { client } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';
import { Notice } from '@/ui/notice';

interface Props {
  username: string;
  /** The present password, where it was just typed. */
  password: string;
  onDone: () => void;
}

export function ChangePasswordForm({ username, password, onDone }: Props) {
  const [present, setPresent] = useState(password);
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Record<string, string[]>>({});
  const [fault, setFault] = useState('');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFault('');
    setFaults({});
    if (next !== again) {
      setFaults({ again: ['The two new passwords differ.'] });
      return;
    }
    setBusy(true);
    try {
      await client.POST('/api/change-password', { body: { current_password: present, new_password: next } });
      onDone();
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 403)
        setFaults({ current_password: ['That is not your present password.'] });
      else if (failure instanceof ApiError && Object.keys(failure.fields).length > 0)
        setFaults(inWords(failure.fields));
      else setFault(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3">
      <p>Your password was given to you. Choose one of your own.</p>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Input
        label="Present password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={password === ''}
        value={present}
        errors={faults['current_password']}
        onChange={(event) => setPresent(event.target.value)}
      />
      <Input
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        autoFocus={password !== ''}
        value={next}
        errors={faults['new_password']}
        onChange={(event) => setNext(event.target.value)}
      />
      <Input
        label="New password, once more"
        type="password"
        autoComplete="new-password"
        required
        value={again}
        errors={faults['again']}
        onChange={(event) => setAgain(event.target.value)}
      />
      {fault && <Notice tone="danger">{fault}</Notice>}
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Change the password
      </Button>
    </form>
  );
}

/** What is wrong with the new password, as a sentence. */
function inWords({ new_password: wrong, ...rest }: Record<string, string[]>): Record<string, string[]> {
  return wrong ? { ...rest, new_password: wrong.map((text) => `The new password is ${text}.`) } : rest;
}
