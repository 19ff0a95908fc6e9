// User and password, and a code where one is asked for.

import { useState, type FormEvent } from 'react';
import { client } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';
import { Notice } from '@/ui/notice';

interface Props {
  username?: string;
  /** Told who signed in, and whether the password has to be changed before anything else. */
  onDone: (username: string, mustChange: boolean, password: string) => void;
}

export function SignInForm({ username: known = '', onDone }: Props) {
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault('');
    try {
      const { data } = await client.POST('/login', {
        body: { username, password, ...(asksCode && code ? { totp: code } : {}) },
      });
      if (data) onDone(username, data.data.password_change_required, password);
    } catch (failure) {
      if (failure instanceof ApiError && failure.fields['totp']) {
        setFault(asksCode ? 'That code is wrong or was used. Wait for the next one.' : '');
        setAsksCode(true);
        setCode('');
      } else {
        setFault(signInWords(failure));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3">
      <Input
        label="User"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus={known === ''}
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <Input
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={known !== ''}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {asksCode && (
        <Input
          label="Code of your authenticator"
          name="totp"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9 ]*"
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      {fault && <Notice tone="danger">{fault}</Notice>}
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Sign in
      </Button>
    </form>
  );
}

/** Why signing in failed. */
export function signInWords(failure: unknown): string {
  if (failure instanceof ApiError && failure.status === 401) return 'User or password is wrong.';
  if (failure instanceof ApiError && failure.status === 429) {
    const minutes = Math.ceil((failure.retryAfter ?? 60) / 60);
    return `Too many failed tries. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`;
  }
  return messageOf(failure);
}
