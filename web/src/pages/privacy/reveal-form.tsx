// Asks what a pseudonym stands for. The reason goes into the audit log before there is an answer.

import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, type Shape } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { useSetView, useView } from '@/lib/hooks';
import { pseudonymKind, reasonFault } from '@/lib/privacy';
import { one } from '@/lib/search';
import { Button } from '@/ui/button';
import { Input, TextArea } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { Card } from '@/ui/panel';

export const revealsKey = ['get', '/api/privacy/reveals'] as const;

type Answer = Shape<'Revealed'> | Shape<'RevealRow'>;

export function RevealForm() {
  const queries = useQueryClient();
  const setView = useSetView();
  const asked = one(useView(), 'pseudonym') ?? '';
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const reveal = useMutation({
    mutationFn: async (): Promise<Answer | undefined> =>
      (await client.POST('/api/privacy/reveal', { body: { pseudonym: asked.trim(), reason: reason.trim() } }))
        .data?.data,
    onSettled: () => queries.invalidateQueries({ queryKey: revealsKey }),
    // What it stands for is not kept longer than it is looked at.
    gcTime: 0,
  });
  const failure = reveal.error;
  const told = failure instanceof ApiError ? failure.fields : {};
  const kind = pseudonymKind(asked);
  const faults = {
    pseudonym: tried && kind === null ? ['c- or u- and 12 characters, as rows show it'] : told['pseudonym'],
    reason: tried && reasonFault(reason) !== null ? [reasonFault(reason) ?? ''] : told['reason'],
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (kind !== null && reasonFault(reason) === null) reveal.mutate();
  };
  return (
    <Card
      title="What does a pseudonym stand for?"
      note="On record, with your name and reason, before it is told"
    >
      <form onSubmit={submit} className="space-y-3">
        <Input
          label="Pseudonym"
          className="font-mono"
          spellCheck={false}
          autoComplete="off"
          placeholder="c-abcdefghijkl"
          value={asked}
          errors={faults.pseudonym}
          onChange={(event) => {
            reveal.reset();
            setView({ pseudonym: event.target.value || undefined }, { replace: true });
          }}
        />
        <TextArea
          label="Reason"
          rows={2}
          placeholder="Incident, ticket, who asked for it"
          value={reason}
          errors={faults.reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {failure && Object.keys(told).length === 0 && <Notice tone="danger">{messageOf(failure)}</Notice>}
        {reveal.data && <Outcome answer={reveal.data} />}
        <Button type="submit" look="primary" busy={reveal.isPending}>
          Reveal
        </Button>
      </form>
    </Card>
  );
}

function Outcome({ answer }: { answer: Answer }) {
  if ('value' in answer) {
    return (
      <Notice tone="ok">
        <p>
          <code className="font-mono">{answer.pseudonym}</code> is the {answer.kind}{' '}
          <strong>
            <HostileText text={answer.value} mono wrap />
          </strong>
          .
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="accent">
      Request {answer.id} waits for a second person. Once it is approved, ask again here within 15 minutes: it
      is answered once.
    </Notice>
  );
}
