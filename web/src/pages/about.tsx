// What this is, how it is doing, what it is made of, and the few things that are done to the server as a whole.

import { useQuery } from '@tanstack/react-query';
import { ask } from '@/api/client';
import { bytes, duration, number } from '@/lib/units';
import { titled } from '@/lib/text';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { Configuration } from './about/configuration';
import { Licence } from './about/licence';
import { ServerActions } from './about/server-actions';
import { Version } from './about/version';
import { NeedsScope } from './needs-scope';

const EVERY_MS = 10_000;

export function About() {
  return (
    <Page title="About">
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Version />
        <HealthPanel />
        <Figures />
        <NeedsScope scope="admin" what="Reloading and restarting are">
          <ServerActions />
        </NeedsScope>
        <div className="min-w-0 lg:col-span-2">
          <Licence />
        </div>
        <div className="min-w-0 lg:col-span-2">
          <NeedsScope scope="admin" what="The configuration is">
            <Configuration />
          </NeedsScope>
        </div>
      </div>
    </Page>
  );
}

const TONES: Readonly<Record<string, Tone>> = { ok: 'ok', degraded: 'warn', down: 'danger', healthy: 'ok' };

// Says what /health does, which answers 503 where something is degraded: browsers take that for a failure.
const statusQuery = { ...ask('/api/status'), refetchInterval: EVERY_MS };

function HealthPanel() {
  const query = useQuery(statusQuery);
  return (
    <Panel title="Health" query={{ ...query, data: query.data?.data.health }}>
      {(health) => (
        <div className="space-y-3">
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={TONES[health.status] ?? 'neutral'}>{titled(health.status)}</Badge> running for{' '}
            {duration(health.uptime_seconds * 1000)}
          </p>
          {health.reasons?.map((reason) => (
            <Notice key={reason} tone="warn">
              {reason}
            </Notice>
          ))}
          <KeyValue
            items={[
              ...Object.entries(health.components).map(
                ([name, state]) =>
                  [titled(name), <Badge tone={TONES[state] ?? 'neutral'}>{state}</Badge>] as const,
              ),
              ['Lines per second', number(health.ingestion_rps)] as const,
              ['Threads that parse and store', number(health.workers)] as const,
            ]}
          />
        </div>
      )}
    </Panel>
  );
}

function Figures() {
  const stats = useQuery({ ...ask('/api/stats'), ...{ refetchInterval: EVERY_MS } });
  const memory = useQuery(statusQuery).data?.data.memory_bytes;
  return (
    <Panel title="The server" query={{ ...stats, data: stats.data?.data }}>
      {(figures) => (
        <KeyValue
          items={[
            ['Rows stored', number(figures.total)],
            ['Lines read', number(figures.lines_total)],
            ['Lines that were there already', number(figures.dedup_count)],
            ['Lines per second', number(figures.lines_per_second)],
            ['Lines waiting', number(figures.queue_depth)],
            [
              'Machines',
              figures.hosts.length > 5
                ? `${number(figures.hosts.length)} machines`
                : figures.hosts.join(', ') || 'none',
            ],
            ['Memory', typeof memory === 'number' ? bytes(memory) : undefined],
            [
              'Models',
              figures.models.map(({ name, version, state }) => (
                <span key={name} className="mr-3 inline-flex items-center gap-1 whitespace-nowrap">
                  {name} {version} <Badge tone={state === 'ready' ? 'ok' : 'danger'}>{state}</Badge>
                </span>
              )),
            ],
          ]}
        />
      )}
    </Panel>
  );
}
