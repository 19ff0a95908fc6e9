// A source: how it is doing, and what its log can't show.

import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { bytes, duration, number } from '@/lib/units';
import { sentence, titled } from '@/lib/text';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { CopyText } from '@/ui/copy-text';
import { HostileText } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Progress } from '@/ui/progress';
import { When } from '@/ui/when';

type Source = Shape<'Source'>;

const STATES: Record<Source['state'], { label: string; tone: Tone }> = {
  ok: { label: 'OK', tone: 'ok' },
  waiting: { label: 'Waiting', tone: 'neutral' },
  degraded: { label: 'Degraded', tone: 'danger' },
};

const KINDS: Record<Source['kind'], string> = {
  file: 'File that is followed',
  udp: 'Datagrams (UDP)',
  tcp: 'Connections (TCP)',
  tls: 'Connections over TLS',
  stdin: 'Standard input',
};

export function SourceCard({ source }: { source: Source }) {
  const { label, tone } = STATES[source.state];
  return (
    <article aria-label={`Source ${source.name}`} className="min-w-0 rounded-md border border-line">
      <header className="flex flex-wrap items-center justify-between gap-2 px-3 pt-3">
        <h3 className="flex min-w-0 items-center gap-2 font-semibold">
          <HostileText text={source.name} wrap /> <Badge tone={tone}>{label}</Badge>
        </h3>
        <Link to="/logs" search={{ source: source.name }} className="text-accent underline">
          Rows
        </Link>
      </header>
      <div className="space-y-3 px-3 py-3">
        {source.reason && (
          <Notice tone={source.state === 'degraded' ? 'danger' : 'neutral'}>{sentence(source.reason)}</Notice>
        )}
        <KeyValue items={facts(source)} />
        {source.blind_spots.length > 0 && <BlindSpots spots={source.blind_spots} />}
      </div>
    </article>
  );
}

const counted = (value: number | null | undefined): ReactNode =>
  typeof value === 'number' ? number(value) : undefined;

function facts(source: Source): (readonly [string, ReactNode])[] {
  const { position_bytes: position, length_bytes: length } = source;
  const lost = source.dropped + source.refused;
  return [
    [KINDS[source.kind], <HostileText text={source.path ?? source.listen ?? 'standard input'} mono wrap />],
    ['Machine', <HostileText text={source.host} wrap />],
    ['Format', source.format ? <HostileText text={source.format} mono wrap /> : 'not known yet'],
    [
      'Lag',
      <>
        {source.lag_seconds > 0 ? duration(source.lag_seconds * 1000) : 'none'}
        {typeof source.lag_bytes === 'number' &&
          source.lag_bytes > 0 &&
          `, ${bytes(source.lag_bytes)} not stored yet`}
      </>,
    ],
    [
      'Read',
      typeof position === 'number' && typeof length === 'number' && length > 0 ? (
        <>
          <span className="tabular">
            {bytes(position)} of {bytes(length)}
          </span>
          <Progress
            part={position / length}
            label={`Part of ${source.name} that is stored`}
            className="mt-1"
          />
        </>
      ) : undefined,
    ],
    ['Last line', <When time={source.last_line_at} relative />],
    ['Lines since the start', counted(source.lines)],
    ['Lines per second', counted(source.lines_per_second)],
    ['Rejected since the start', counted(source.rejected)],
    ['Connections', counted(source.connections)],
    [
      'Lost since the start',
      lost > 0 ? (
        <span className="text-danger">
          {number(source.dropped)} lines, {number(source.refused)} turned away
        </span>
      ) : (
        'nothing'
      ),
    ],
  ];
}

/** What the log can't show, what is lost by that, and the lines of squid.conf that mend it. */
function BlindSpots({ spots }: { spots: Source['blind_spots'] }) {
  return (
    <section aria-label="Blind spots">
      <h4 className="mb-1 text-xs font-medium text-muted">
        {number(spots.length)} blind {spots.length === 1 ? 'spot' : 'spots'}
      </h4>
      <div className="rounded-md border border-line">
        {spots.map((spot) => (
          <details key={spot.id} className="border-t border-line first:border-t-0">
            <summary className="px-3 py-1.5 hover:bg-hover">{spot.what}</summary>
            <div className="space-y-2 px-3 pb-3">
              <p className="text-muted">
                Not to be found out any more, or only in part:{' '}
                {spot.loses.map((each) => titled(each).toLowerCase()).join(', ')}.
              </p>
              {spot.fix.length > 0 ? (
                <>
                  <p>These lines of squid.conf mend it:</p>
                  <CopyText text={spot.fix.join('\n')} label="the lines of squid.conf" />
                </>
              ) : (
                <p>This log is not Squid’s: have what writes it log more.</p>
              )}
            </div>
          </details>
        ))}
      </div>
    </section>
  );
}
