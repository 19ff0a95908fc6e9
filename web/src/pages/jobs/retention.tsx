// What a clean-up would remove, and removing it.

import { useState } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { useMay } from '@/api/me';
import { useSend } from '@/api/send';
import { number, share } from '@/lib/units';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { Input } from '@/ui/field';
import { Card, Panel } from '@/ui/panel';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast';

const MOST_DAYS = 3650;

export function Retention() {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <CleanUp />
      <ClearAll />
    </div>
  );
}

/** After rows have gone nothing that was answered before is right. */
function useForgetAnswers() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries();
}

function CleanUp() {
  const settings = useQuery(ask('/api/settings'));
  const value = (name: string) =>
    settings.data?.data.find((setting) => setting.setting_name === name)?.setting_value;
  const kept = Number(value('log_retention_days') ?? NaN);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (Number.isNaN(kept) ? '' : String(kept));
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
  const fits = days >= 1 && days <= MOST_DAYS;
  const query = useQuery({
    ...ask('/api/retention-preview', { params: { query: { days } } }),
    enabled: fits,
    placeholderData: keepPreviousData,
  });
  const forget = useForgetAnswers();
  const clear = useSend('post', '/api/logs/clear-old', { onSuccess: forget });
  const [asking, setAsking] = useState(false);
  const mayPurge = useMay('logs:purge');
  return (
    <Panel
      title="Clean up by age"
      note="The job retention.rows does this by its schedule, with the days that the settings keep"
      query={{ ...query, data: query.data?.data }}
    >
      {({ delete_count: doomed, total_count: total }) => (
        <div className="space-y-4">
          <div className="flex flex-wrap items-end gap-3">
            <div className="w-36">
              <Input
                label="Days to keep"
                inputMode="numeric"
                value={text}
                errors={fits ? undefined : [`1 to ${MOST_DAYS}`]}
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
            <Link to="/settings" search={{ q: 'retention' }} className="mb-1.5 text-accent underline">
              Change what the settings keep
            </Link>
          </div>
          <div>
            <p className="mb-1">
              <strong className="tabular">{number(doomed)}</strong> of {number(total)} rows{' '}
              {total > 0 && `(${share(doomed, total)}) `}would go.
            </p>
            <Progress part={total > 0 ? doomed / total : 0} label="Share of rows that would go" />
          </div>
          <p className="text-muted">
            {value('archive_enabled') === true
              ? 'They are archived first; what can’t be archived stays.'
              : 'They are not archived first: archive_enabled is off.'}{' '}
            Hourly sums are kept longer. The audit log stays.
          </p>
          {mayPurge && (
            <Button look="danger" disabled={!fits || doomed === 0} onClick={() => setAsking(true)}>
              Remove {number(doomed)} rows
            </Button>
          )}
          <ConfirmDialog
            open={asking}
            onOpenChange={setAsking}
            title="Remove old rows"
            action="Remove"
            typed="remove"
            onConfirm={() =>
              clear
                .mutateAsync({ body: { days } })
                .then((answer) => toast(`${answer.message}: ${number(answer.deleted)} rows`))
            }
          >
            Every row older than {days} days goes: {number(doomed)} rows. This can’t be undone, except from an
            archive.
          </ConfirmDialog>
        </div>
      )}
    </Panel>
  );
}

const WORD = 'remove everything';

function ClearAll() {
  const [asking, setAsking] = useState(false);
  const forget = useForgetAnswers();
  const clear = useSend('post', '/api/logs/clear', { onSuccess: forget });
  return (
    <Card title="Remove every row" note="Rows and everything derived from them, hourly sums too">
      <p className="mb-4 text-muted">
        Settings, accounts, archives and the audit log stay. Lines that are in followed files already are not
        read again.
      </p>
      <Button look="danger" onClick={() => setAsking(true)}>
        Remove everything
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Remove every row"
        action="Remove everything"
        typed={WORD}
        onConfirm={() =>
          clear.mutateAsync({}).then((answer) => toast(`${answer.message}: ${number(answer.deleted)} rows`))
        }
      >
        All rows go, with every sum and statistic. Only an archive brings them back.
      </ConfirmDialog>
    </Card>
  );
}
