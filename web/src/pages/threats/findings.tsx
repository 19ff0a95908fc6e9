// Findings: what detectors made of many rows together. The open ones first.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { severityTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Select } from '@/ui/field';
import { HostileText, Masked } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { Pager } from '@/ui/pager';
import { When } from '@/ui/when';

const SHOWN = 8;

export function Findings({ className }: { className?: string }) {
  const view = useView();
  const setView = useSetView();
  const status = one(view, 'findings') === 'dismissed' ? 'dismissed' : 'open';
  const detector = one(view, 'detector');
  const cursor = one(view, 'after');
  const query = {
    status: [status],
    limit: SHOWN,
    ...(detector && { detector: [detector] }),
    ...(cursor && { cursor }),
  };
  const findings = useQuery(ask('/api/findings', { params: { query } }));
  const detectors = useQuery(ask('/api/findings/detectors')).data?.data ?? [];
  const blind = detectors.filter(({ enabled, state }) => enabled && state === 'no_data');
  const next = findings.data?.next_cursor;
  return (
    <Panel
      title="Findings"
      note="Patterns over many rows, of all time, the latest first."
      {...(className ? { className } : {})}
      query={findings}
      flush
      height={240}
      actions={
        <>
          <Select
            label="Detector"
            hideLabel
            value={detector ?? ''}
            options={[
              { value: '', label: 'All detectors' },
              ...detectors.map(({ name, title }) => ({ value: name, label: title })),
            ]}
            onChange={(event) => setView({ detector: event.target.value || undefined, after: undefined })}
          />
          <Select
            label="State of findings"
            hideLabel
            value={status}
            options={[
              { value: 'open', label: 'Open' },
              { value: 'dismissed', label: 'Dismissed' },
            ]}
            onChange={(event) =>
              setView({
                findings: event.target.value === 'open' ? undefined : event.target.value,
                after: undefined,
              })
            }
          />
        </>
      }
      empty={({ data }) =>
        data.length === 0 && (
          <Empty title={status === 'open' ? 'No open finding' : 'None was dismissed'}>
            Detectors look for beacons, uploads, floods of refusals and the like, in the background.
            {blind.length > 0 && ` ${blind.map(({ title }) => title).join(', ')}: not enough in this log.`}
          </Empty>
        )
      }
    >
      {({ data, total }) => (
        <>
          <ul className="divide-y divide-line/60">
            {data.map((row) => (
              <Finding key={row.id} row={row} />
            ))}
          </ul>
          {(cursor || next) && (
            <Pager
              total={total}
              count={data.length}
              noun="findings"
              onFirst={cursor ? () => setView({ after: undefined }) : undefined}
              onNext={next ? () => setView({ after: next }) : undefined}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function Finding({ row }: { row: Shape<'FindingRow'> }) {
  return (
    <li className="px-4 py-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <Badge tone={severityTone(row.severity)}>{row.severity}</Badge>
          <Link
            to="/findings/$id"
            params={{ id: String(row.id) }}
            className="font-medium text-accent hover:underline"
          >
            {row.title}
          </Link>
          {row.client_ip && <Masked value={row.client_ip} />}
          {row.destination && (
            <span className="min-w-0 truncate text-muted">
              → <HostileText text={row.destination} max={60} />
            </span>
          )}
        </span>
        <span className="text-xs text-muted">
          <When time={row.last_seen} relative />
        </span>
      </div>
      <p className="mt-0.5 text-muted wrap-anywhere">
        <HostileText text={row.summary} wrap max={400} />{' '}
        <span className="tabular text-xs">{number(row.requests)} rows</span>
      </p>
    </li>
  );
}
