// Makes an API key: what it is for, what it may, of which sources, until when.

import { useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ask } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { useMe } from '@/api/me';
import { useSend } from '@/api/send';
import { readingScopes, scopeMeaning } from '@/lib/scopes';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import type { Secret } from './once-dialog';

const DAYS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '1095', label: '3 years' },
];

export function NewKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (secret: Secret) => void }) {
  const owned = useMe()?.scopes ?? [];
  const sources = useQuery(ask('/api/sources'));
  const names = [...new Set(sources.data?.data.map(({ name }) => name))];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>();
  const [restricted, setRestricted] = useState<readonly string[]>([]);
  const [days, setDays] = useState('365');
  const scopes = chosen ?? readingScopes(owned);
  const make = useSend('post', '/api/api-keys', {
    onSuccess: ({ data }) =>
      onMade({
        title: `The key “${data.name}”`,
        label: 'the key',
        text: data.key,
        hint: <>Send it as Authorization: Bearer {data.prefix}…</>,
      }),
  });
  const failure = make.error as unknown;
  const faults = failure instanceof ApiError ? failure.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({
      body: {
        name: name.trim(),
        scopes: [...scopes],
        expires_in_days: Number(days),
        ...(restricted.length > 0 ? { sources: [...restricted] } : {}),
      },
    });
  };
  const toggled = (list: readonly string[], word: string, on: boolean) =>
    on ? [...list, word] : list.filter((each) => each !== word);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New API key"
      className="w-[min(38rem,calc(100vw-1.5rem))]"
    >
      <form onSubmit={submit} className="space-y-4">
        <Input
          label="What it is for"
          required
          maxLength={100}
          placeholder="Grafana"
          value={name}
          errors={faults['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <Field label="What it may" errors={faults['scopes']}>
          {(described) => (
            <fieldset {...described} className="grid gap-x-4 gap-y-1.5 sm:grid-cols-2">
              <legend className="sr-only">What it may</legend>
              {owned.map((scope) => (
                <Checkbox
                  key={scope}
                  label={<code className="font-mono text-[0.8125rem]">{scope}</code>}
                  hint={scopeMeaning(scope)}
                  checked={scopes.includes(scope)}
                  onChange={(event) => setChosen(toggled(scopes, scope, event.target.checked))}
                />
              ))}
            </fieldset>
          )}
        </Field>
        {names.length > 0 && (
          <Field label="Only of these sources; of all where none is chosen" errors={faults['sources']}>
            {(described) => (
              <fieldset {...described} className="flex flex-wrap gap-x-4 gap-y-1.5">
                <legend className="sr-only">Sources</legend>
                {names.map((source) => (
                  <Checkbox
                    key={source}
                    label={source}
                    checked={restricted.includes(source)}
                    onChange={(event) => setRestricted(toggled(restricted, source, event.target.checked))}
                  />
                ))}
              </fieldset>
            )}
          </Field>
        )}
        <Select
          label="It ends in"
          className="max-w-40"
          options={DAYS}
          value={days}
          errors={faults['expires_in_days']}
          onChange={(event) => setDays(event.target.value)}
        />
        {failure !== null && Object.keys(faults).length === 0 && (
          <Notice tone="danger">{messageOf(failure)}</Notice>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={make.isPending} disabled={scopes.length === 0}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
