// Everything that is known of a row, and why.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask, type Shape } from '@/api/client';
import { withFilter } from '@/lib/filters';
import { useView } from '@/lib/hooks';
import { bytes, duration, number } from '@/lib/units';
import { outcomeLabel, outcomeTone, severityTone, tagLabel } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';
import { Drawer } from '@/ui/dialog';
import { HostileText, Masked } from '@/ui/hostile-text';
import { RevealLink } from '@/ui/reveal-link';
import { KeyValue } from '@/ui/key-value';
import { ClientLink, DomainLink } from '@/ui/links';
import { Failed, Loading } from '@/ui/panel';
import { When } from '@/ui/when';
import { Why } from './why';

type Detail = Shape<'LogDetail'>;

interface Props {
  id: number | undefined;
  onClose: () => void;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
}

export function RowDrawer({ id, onClose, onPrevious, onNext }: Props) {
  const query = useQuery({
    ...ask('/api/logs/{id}', { params: { path: { id: String(id ?? 0) as never } } }),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
  const row = query.data?.data;
  return (
    <Drawer
      open={id !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={
        row ? <HostileText text={`${row.method ?? ''} ${row.destination}`.trim()} max={160} wrap /> : 'Row'
      }
      description={
        <span>
          Row {id}
          {row && (
            <>
              , <When time={row.timestamp} /> UTC
            </>
          )}
        </span>
      }
      footer={
        <>
          <Button icon="left" disabled={!onPrevious} onClick={onPrevious}>
            Previous row
          </Button>
          <Button icon="right" disabled={!onNext} onClick={onNext}>
            Next row
          </Button>
        </>
      }
    >
      {row ? (
        <Body row={row} />
      ) : query.error ? (
        <Failed error={query.error} retry={query.refetch} busy={query.isFetching} />
      ) : (
        <Loading height={320} />
      )}
    </Drawer>
  );
}

function Body({ row }: { row: Detail }) {
  const domain = row.classification.find(({ name }) => name === 'domain')?.value;
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap gap-1.5">
        <Badge tone={outcomeTone(row.outcome)}>{outcomeLabel(row.outcome)}</Badge>
        <Badge tone={severityTone(row.severity)}>{row.severity}</Badge>
        {row.tags.map((tag) => (
          <Badge key={tag} tone={tag === 'flagged' ? 'warn' : 'neutral'}>
            {tagLabel(tag)}
          </Badge>
        ))}
      </div>
      <div className="rounded-md bg-hover p-3">
        <div className="flex items-start gap-2">
          <div className="max-h-48 min-w-0 flex-1 overflow-y-auto" tabIndex={0} role="group" aria-label="URL">
            <HostileText text={row.url} max={70_000} mono wrap />
          </div>
          <CopyButton text={row.url} label="Copy the URL" />
        </div>
      </div>
      <KeyValue
        items={[
          [
            'Client',
            <With
              key="c"
              name="client_ip"
              value={row.client_ip}
              shown={
                row.client_ip ? (
                  <ClientLink client={row.client_ip} name={row.client_name} />
                ) : (
                  <HostileText text={null} />
                )
              }
            />,
          ],
          [
            'User',
            row.user ? (
              <With key="u" name="user" value={row.user} shown={<Masked value={row.user} />} />
            ) : undefined,
          ],
          [
            'Domain',
            domain ? (
              <With key="d" name="domain" value={domain} shown={<DomainLink domain={domain} />} />
            ) : undefined,
          ],
          [
            'Destination',
            <With
              key="t"
              name="destination"
              value={row.destination}
              shown={<HostileText text={row.destination} wrap />}
            />,
          ],
          [
            'Status',
            <With
              key="s"
              name="status"
              value={String(row.status_code)}
              shown={<HostileText text={row.status} />}
            />,
          ],
          [
            'Method',
            <With key="m" name="method" value={row.method} shown={<HostileText text={row.method} />} />,
          ],
          ['To the client', `${bytes(row.bytes)} (${number(row.bytes)} B) in ${duration(row.elapsed_ms)}`],
          ['Type', row.mime ? <HostileText key="y" text={row.mime} wrap /> : undefined],
          ['Hierarchy', row.hierarchy ? <HostileText key="h" text={row.hierarchy} wrap /> : undefined],
          ['User agent', row.user_agent ? <HostileText key="a" text={row.user_agent} wrap /> : undefined],
          ['Referer', row.referer ? <HostileText key="r" text={row.referer} wrap /> : undefined],
          [
            'Source',
            <span key="o">
              <HostileText text={row.source} /> on <HostileText text={row.host} />
            </span>,
          ],
        ]}
      />
      <Why row={row} />
      <section aria-labelledby="raw-line">
        <h3 id="raw-line" className="mb-1.5 font-semibold">
          The line itself
        </h3>
        {row.raw ? (
          <div className="flex items-start gap-2 rounded-md bg-hover p-3">
            <div
              className="max-h-60 min-w-0 flex-1 overflow-y-auto"
              tabIndex={0}
              role="group"
              aria-label="Raw line"
            >
              <HostileText text={row.raw} max={140_000} mono wrap />
            </div>
            <CopyButton text={row.raw} label="Copy the line" />
          </div>
        ) : (
          <p className="text-muted">Not shown: masking is on, or its format can’t be written back.</p>
        )}
      </section>
    </div>
  );
}

/** A value with the way to all rows that have it, and to all that don't. */
function With({ name, value, shown }: { name: string; value: string | null | undefined; shown: ReactNode }) {
  const view = useView();
  if (!value) return <>{shown}</>;
  const look = 'rounded border border-line px-1.5 text-xs text-muted hover:bg-hover hover:text-ink';
  const search = (text: string) => ({ ...withFilter(view, name, text), row: undefined });
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="min-w-0">{shown}</span>
      <span className="flex gap-1">
        <Link
          to="/logs"
          search={search(value)}
          className={look}
          aria-label={`only rows with this ${name.replace('_', ' ')}`}
        >
          only
        </Link>
        <Link
          to="/logs"
          search={search(`!${value}`)}
          className={look}
          aria-label={`not rows with this ${name.replace('_', ' ')}`}
        >
          not
        </Link>
        <RevealLink value={value} />
      </span>
    </span>
  );
}
