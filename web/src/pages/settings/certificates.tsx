// Certificates and keys: what there is, generated or taken from PEM text. Keys are never read back.

import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useSend } from '@/api/send';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { Dialog } from '@/ui/dialog';
import { Input, TextArea } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Failed, Loading } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';

type Pair = Shape<'PairState'>;
type Purpose = Pair['for'];

const certificates = ask('/api/tls-cert');
const TITLES: Record<Purpose, string> = { https: 'HTTPS', syslog: 'Syslog over TLS' };

export function Certificates() {
  const query = useQuery(certificates);
  const queries = useQueryClient();
  const [doing, setDoing] = useState<{ pair: Pair; what: 'generate' | 'upload' | 'delete' }>();
  const remove = useSend('post', '/api/tls-cert-delete');
  const done = async (message: string) => {
    await queries.invalidateQueries({ queryKey: certificates.queryKey });
    toast(message);
  };
  return (
    <div className="border-t border-line px-4 py-3">
      <h3 className="mb-2 font-medium">Certificates</h3>
      {query.data === undefined &&
        (query.error ? <Failed error={query.error} retry={query.refetch} /> : <Loading height={80} />)}
      <div className="grid gap-4 lg:grid-cols-2">
        {query.data?.data.pairs.map((pair) => (
          <PairView key={pair.for} pair={pair} onDo={(what) => setDoing({ pair, what })} />
        ))}
      </div>
      {doing?.what === 'generate' && (
        <GenerateDialog purpose={doing.pair.for} onDone={done} onClose={() => setDoing(undefined)} />
      )}
      {doing?.what === 'upload' && (
        <UploadDialog purpose={doing.pair.for} onDone={done} onClose={() => setDoing(undefined)} />
      )}
      <ConfirmDialog
        open={doing?.what === 'delete'}
        onOpenChange={(open) => !open && setDoing(undefined)}
        title="Delete the certificate"
        action="Delete"
        onConfirm={() =>
          remove
            .mutateAsync({ body: { type: doing?.pair.for === 'https' ? 'https_cert' : 'cert' } })
            .then((answer) => done(answer.message))
        }
      >
        The certificate for {doing ? TITLES[doing.pair.for] : ''} goes. Its private key stays until another
        takes its place.
      </ConfirmDialog>
    </div>
  );
}

function PairView({ pair, onDo }: { pair: Pair; onDo: (what: 'generate' | 'upload' | 'delete') => void }) {
  const { certificate } = pair;
  return (
    <div className="min-w-0 rounded-md border border-line p-3">
      <p className="mb-2 flex items-center gap-2 font-medium">
        {TITLES[pair.for]}
        <Badge tone={pair.in_use ? 'ok' : 'neutral'}>{pair.in_use ? 'In use' : 'Not in use'}</Badge>
      </p>
      {certificate ? (
        <KeyValue
          items={[
            ['Subject', <HostileText text={certificate.subject} wrap />],
            ['Issuer', <HostileText text={certificate.issuer} wrap />],
            ['For', <HostileText text={certificate.sans.join(', ')} wrap />],
            [
              'Valid until',
              <>
                <When time={certificate.not_after} /> UTC, {certificate.days_left} days left
              </>,
            ],
            ['Private key', pair.has_key ? 'there' : 'missing'],
            ['SHA-256', <HostileText text={certificate.fingerprint_sha256} mono wrap />],
          ]}
        />
      ) : (
        <p className="text-muted">No certificate yet.</p>
      )}
      {pair.fault && certificate && (
        <Notice tone="warn" className="mt-2">
          {pair.fault}
        </Notice>
      )}
      {pair.warnings.map((warning) => (
        <Notice key={warning} tone="warn" className="mt-2">
          {warning}
        </Notice>
      ))}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="small" onClick={() => onDo('generate')}>
          Generate
        </Button>
        <Button size="small" onClick={() => onDo('upload')}>
          Upload
        </Button>
        {certificate && (
          <Button size="small" look="quiet" onClick={() => onDo('delete')}>
            Delete
          </Button>
        )}
      </div>
    </div>
  );
}

interface DoingProps {
  purpose: Purpose;
  onDone: (message: string) => Promise<void>;
  onClose: () => void;
}

function GenerateDialog({ purpose, onDone, onClose }: DoingProps) {
  const [hosts, setHosts] = useState(purpose === 'https' ? location.hostname : '');
  const [days, setDays] = useState('825');
  const generate = useSend('post', '/api/tls-generate', {
    onSuccess: async (answer) => {
      onClose();
      await onDone(answer.message);
    },
  });
  const names = hosts.split(/[\s,]+/).filter((name) => name !== '');
  const send = () =>
    generate.mutate({
      body: { type: purpose, days: Number(days), ...(names.length > 0 ? { hosts: names } : {}) },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Generate a certificate for ${TITLES[purpose]}`}
      footer={
        <Button look="primary" busy={generate.isPending} onClick={send}>
          Generate
        </Button>
      }
    >
      <div className="space-y-3">
        <p>
          A private key, and a certificate that vouches for itself: browsers warn of it until they are told to
          trust it.
        </p>
        <Input
          label="Host names and addresses"
          hint="Separated by blanks; localhost, 127.0.0.1 and ::1 where left empty."
          value={hosts}
          onChange={(event) => setHosts(event.target.value)}
        />
        <Input
          label="Days it is valid"
          inputMode="numeric"
          className="max-w-40"
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        {generate.error !== null && <Notice tone="danger">{messageOf(generate.error)}</Notice>}
      </div>
    </Dialog>
  );
}

function UploadDialog({ purpose, onDone, onClose }: DoingProps) {
  const [what, setWhat] = useState<'cert' | 'key'>('cert');
  const [pem, setPem] = useState('');
  const upload = useSend('post', '/api/tls-cert', {
    onSuccess: async (answer) => {
      onClose();
      await onDone([answer.message, ...answer.warnings].join(' '));
    },
  });
  const type = purpose === 'https' ? `https_${what}` : what;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Upload for ${TITLES[purpose]}`}
      footer={
        <Button
          look="primary"
          busy={upload.isPending}
          disabled={pem.trim() === ''}
          onClick={() => upload.mutate({ body: { type, pem } })}
        >
          Upload
        </Button>
      }
    >
      <div className="space-y-3">
        <fieldset className="flex gap-4">
          <legend className="mb-1 text-xs font-medium text-muted">What it is</legend>
          {(['cert', 'key'] as const).map((each) => (
            <label key={each} className="flex items-center gap-2">
              <input
                type="radio"
                name="what"
                checked={what === each}
                onChange={() => setWhat(each)}
                className="accent-accent-fill"
              />
              {each === 'cert' ? 'Certificate, its key may be with it' : 'Private key'}
            </label>
          ))}
        </fieldset>
        <TextArea
          label="PEM text"
          rows={8}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-xs"
          placeholder="-----BEGIN CERTIFICATE-----"
          value={pem}
          onChange={(event) => setPem(event.target.value)}
        />
        {upload.error !== null && <Notice tone="danger">{messageOf(upload.error)}</Notice>}
      </div>
    </Dialog>
  );
}
