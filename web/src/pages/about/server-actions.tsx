// What is done to the server as a whole: reading its configuration again, and restarting it.

import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';

import { ApiError, messageOf } from '@/api/error';
import { useSend } from '@/api/send';
import { number } from '@/lib/units';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { Notice } from '@/ui/notice';
import { Card } from '@/ui/panel';
import { toast } from '@/ui/toast';

export function ServerActions() {
  const queries = useQueryClient();
  const reload = useSend('post', '/api/reload', { onSuccess: () => queries.invalidateQueries() });
  const restart = useSend('post', '/restart-server');
  const [asking, setAsking] = useState(false);
  const done = reload.data?.data;
  const failure = reload.error as unknown;
  return (
    <Card title="Operation">
      <div className="space-y-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64">
            <strong className="font-medium">Reload the configuration.</strong>{' '}
            <span className="text-muted">
              Reads config.toml again with the rules and certificates it names. No line is lost; where
              anything is wrong nothing changes.
            </span>
          </p>
          <Button icon="refresh" busy={reload.isPending} onClick={() => reload.mutate({})}>
            Reload
          </Button>
        </div>
        {done && (
          <Notice tone={done.needs_restart.length > 0 ? 'warn' : 'ok'}>
            In force: {done.applied.join(', ') || 'nothing new'}; {number(done.rules)} rules,{' '}
            {number(done.sources)} sources.
            {done.needs_restart.length > 0 && ` These wait for a restart: ${done.needs_restart.join(', ')}.`}
          </Notice>
        )}
        {failure !== null && <Problems failure={failure} />}
        <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
          <p className="min-w-0 flex-1 basis-64">
            <strong className="font-medium">Restart.</strong>{' '}
            <span className="text-muted">
              Whatever has come is stored first. What supervises Tidegate starts it again.
            </span>
          </p>
          <Button onClick={() => setAsking(true)}>Restart</Button>
        </div>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Restart Tidegate"
        action="Restart"
        onConfirm={() => restart.mutateAsync({}).then((answer) => toast(answer.message))}
      >
        It is gone for a few seconds. Datagrams that come meanwhile are lost; files are read on where it
        stopped.
      </ConfirmDialog>
    </Card>
  );
}

/** What is wrong with the configuration: place by place, where that is known. */
function Problems({ failure }: { failure: unknown }) {
  const places = failure instanceof ApiError ? Object.entries(failure.fields) : [];
  return (
    <Notice tone="danger">
      {places.length === 0 ? (
        messageOf(failure)
      ) : (
        <>
          <p>Nothing was changed:</p>
          <ul className="list-disc pl-5">
            {places.map(([place, problems]) => (
              <li key={place}>
                <code className="font-mono">{place}</code>: {problems.join('; ')}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
