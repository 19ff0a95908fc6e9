// One's own account: what one is called, the password, the second factor, the secret to sign tokens with.

import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';

import { ApiError, messageOf } from '@/api/error';
import { meQuery, useMe, type Me } from '@/api/me';
import { useSend } from '@/api/send';
import { roleMeaning } from '@/lib/roles';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { Input } from '@/ui/field';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Card, Loading } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { OnceDialog, type Secret } from './once-dialog';
import { PasswordForm } from './password-form';
import { SecondFactor } from './second-factor';

export function MyAccount() {
  const me = useMe();
  if (me === undefined) return <Loading height={240} />;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card title="Who you are">
        <div className="space-y-4">
          <KeyValue
            items={[
              ['Name', me.username],
              [
                'Role',
                <>
                  {me.role}: {roleMeaning(me.role)}
                </>,
              ],
              [
                'Personal data',
                me.scopes.includes('pii:read') ? 'shown to you' : 'hidden from you while masking is on',
              ],
              ['Signed in by', me.credential],
              [
                'Until',
                me.expires_at ? (
                  <>
                    <When time={me.expires_at} /> UTC
                  </>
                ) : undefined,
              ],
            ]}
          />
          {!me.scopes.includes('users:write') && (
            <p className="text-muted">Name and role are changed by an administrator.</p>
          )}
          <Profile me={me} />
        </div>
      </Card>
      <Card title="Password">
        <PasswordForm username={me.username} />
      </Card>
      <Card title="Signing in">
        <SecondFactor me={me} />
      </Card>
      <Card
        title="Tokens of your own"
        note="For programs that sign their own short-lived tokens (JWT, HS256)"
      >
        <AccessSecret me={me} />
      </Card>
    </div>
  );
}

function Profile({ me }: { me: Me }) {
  const queries = useQueryClient();
  const [name, setName] = useState(me.display_name);
  const [email, setEmail] = useState(me.email);
  const save = useSend('put', '/api/users/{id}', {
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      toast(answer.message);
    },
  });
  const failure = save.error as unknown;
  const faults = failure instanceof ApiError ? failure.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      params: { path: { id: me.id } },
      body: { display_name: name.trim(), email: email.trim() },
    });
  };
  return (
    <form onSubmit={submit} className="space-y-3 border-t border-line pt-4">
      <Input
        label="What to call you"
        autoComplete="name"
        value={name}
        errors={faults['display_name']}
        onChange={(event) => setName(event.target.value)}
      />
      <Input
        label="E-mail address"
        type="email"
        autoComplete="email"
        value={email}
        errors={faults['email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      {failure !== null && Object.keys(faults).length === 0 && (
        <Notice tone="danger">{messageOf(failure)}</Notice>
      )}
      <Button type="submit" busy={save.isPending} disabled={name === me.display_name && email === me.email}>
        Save
      </Button>
    </form>
  );
}

function AccessSecret({ me }: { me: Me }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const draw = useSend('post', '/api/api-keys/access-secret', {
    onSuccess: async (answer) => {
      setSecret({
        title: 'Your API access secret',
        label: 'the secret',
        text: answer.data.access_secret,
        hint: <>Sign tokens with it: iss "self-signed", sub "{me.username}", iat, exp and scope, HS256.</>,
      });
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2 font-medium">
          API access secret{' '}
          <Badge tone={me.access_secret ? 'ok' : 'neutral'}>{me.access_secret ? 'Set' : 'Not set'}</Badge>
        </p>
        <p className="text-muted">
          Shown once. Drawing another makes every token signed with the one before worthless.
        </p>
      </div>
      <Button onClick={() => setAsking(true)}>{me.access_secret ? 'Draw another' : 'Draw one'}</Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Draw an API access secret"
        action="Draw"
        danger={me.access_secret}
        onConfirm={() => draw.mutateAsync({})}
      >
        {me.access_secret
          ? 'Tokens signed with the present secret are refused from then on.'
          : 'Whoever has it can act in your name. Keep it as you keep your password.'}
      </ConfirmDialog>
      <OnceDialog secret={secret} onClose={() => setSecret(undefined)} />
    </div>
  );
}
