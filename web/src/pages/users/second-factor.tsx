// One's own second factor: drawn, confirmed with a code, turned off again.

import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';

import { ApiError, messageOf } from '@/api/error';
import { meQuery, type Me } from '@/api/me';
import { useSend } from '@/api/send';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/dialog';
import { Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { QrCode } from '@/ui/qr-code';

export function SecondFactor({ me }: { me: Me }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2 font-medium">
          Second factor
          <Badge tone={me.totp ? 'ok' : 'warn'}>{me.totp ? 'On' : 'Off'}</Badge>
        </p>
        <p className="text-muted">
          A code of an authenticator app beside the password. While it is on, HTTP Basic is refused.
        </p>
      </div>
      <Button onClick={() => setOpen(true)}>{me.totp ? 'Turn off' : 'Turn on'}</Button>
      {open &&
        (me.totp ? (
          <EndDialog onClose={() => setOpen(false)} />
        ) : (
          <EnrolDialog onClose={() => setOpen(false)} />
        ))}
    </div>
  );
}

/** Draws a secret when it opens; the code that the app shows for it turns the second factor on. */
function EnrolDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const enrol = useSend('post', '/api/auth/totp', {
    onSuccess: async (answer) => {
      if ('secret' in answer.data) return;
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
    },
  });
  const [offer, setOffer] = useState<{ secret: string; otpauth_uri: string }>();
  const draw = () =>
    enrol.mutate({ body: {} }, { onSuccess: (answer) => 'secret' in answer.data && setOffer(answer.data) });
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate({ body: { code: code.trim() } });
  };
  const failure = enrol.error as unknown;
  const faults = failure instanceof ApiError ? failure.fields : {};
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Turn on the second factor">
      {offer === undefined ? (
        <div className="space-y-3">
          <p>
            A secret is drawn for your authenticator app. Signing in stays as it is until you confirm it with
            a code.
          </p>
          {failure !== null && <Notice tone="danger">{messageOf(failure)}</Notice>}
          <Button look="primary" busy={enrol.isPending} onClick={draw}>
            Draw a secret
          </Button>
        </div>
      ) : (
        <form onSubmit={confirm} className="space-y-3">
          <p>Scan this with your authenticator app, or type the secret into it.</p>
          <div className="flex flex-wrap items-start gap-4">
            <QrCode text={offer.otpauth_uri} label="QR code of the secret" />
            <CopyText text={offer.secret} label="the secret" className="min-w-0 flex-1 basis-48" />
          </div>
          <Input
            label="Code that the app shows now"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,8}"
            required
            value={code}
            errors={faults['code']}
            onChange={(event) => setCode(event.target.value)}
          />
          {failure !== null && faults['code'] === undefined && (
            <Notice tone="danger">{messageOf(failure)}</Notice>
          )}
          <Button type="submit" look="primary" busy={enrol.isPending}>
            Confirm
          </Button>
        </form>
      )}
    </Dialog>
  );
}

function EndDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const end = useSend('delete', '/api/auth/totp', {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    end.mutate({ body: { password } });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Turn off the second factor">
      <form onSubmit={submit} className="space-y-3">
        <p>From then on the password alone is enough to sign in.</p>
        <Input
          label="Your password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {end.error !== null && <Notice tone="danger">{messageOf(end.error)}</Notice>}
        <Button type="submit" look="danger" busy={end.isPending}>
          Turn off
        </Button>
      </form>
    </Dialog>
  );
}
