// The security score: how much, of what, since when, and what to do first.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { Gauge } from '@/charts/gauge';
import { TimeSeries, TimeSeriesTable } from '@/charts/time-series';
import { useSetView, useView } from '@/lib/hooks';
import { gain, grouped, lost } from '@/lib/posture';
import { one } from '@/lib/search';
import { HOUR_MS, parseTime } from '@/lib/time';
import { number } from '@/lib/units';
import { gradeTone } from '@/lib/words';
import { Chip } from '@/ui/badge';
import { Page } from '@/ui/page';
import { Card, Empty, Panel, type PanelQuery } from '@/ui/panel';
import { CheckRow, type Check } from './score/check-row';

type Report = Shape<'ScoreBody'>;

const FIRST = 4;

export function Score() {
  const query = useQuery({ ...ask('/api/security/score'), ...{ staleTime: 60_000 } });
  const report: PanelQuery<Report> = { ...query, data: query.data?.data };
  return (
    <Page
      title="Security score"
      note="What settings, squid.conf and the traffic of the last seven days prove"
    >
      <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-[18rem_minmax(0,1fr)_minmax(0,1fr)]">
        <Panel title="Score" query={report} height={190}>
          {(data) => <Total report={data} />}
        </Panel>
        <Panel
          title="What to do first"
          note="Goals that are missed, and the points of 100 that each would bring"
          query={report}
          height={190}
          empty={({ checks }) =>
            checks.every((check) => lost(check) === 0) && (
              <Empty title="Nothing is left to do">Every check that could be made is passed.</Empty>
            )
          }
        >
          {({ checks }) => <First checks={checks} />}
        </Panel>
        <History report={report} askedMs={query.dataUpdatedAt} />
      </div>
      <Checks report={report} />
    </Page>
  );
}

function Total({ report }: { report: Report }) {
  const counted = report.checks.filter(({ status }) => status !== 'unknown');
  const passed = counted.filter(({ status }) => status === 'passed').length;
  const unknown = report.checks.length - counted.length;
  return (
    <div className="flex flex-col items-center gap-3">
      <Gauge
        label="Security score"
        value={report.score}
        max={report.max_score}
        tone={gradeTone(report.score)}
        size={190}
      >
        <p className="tabular text-4xl font-semibold">{number(report.score)}</p>
        <p className="text-xs text-muted">
          of {report.max_score}, grade {report.grade}
        </p>
      </Gauge>
      <p className="text-center text-muted">
        {number(passed)} of {number(counted.length)} checks passed.
        {unknown > 0 && ` ${number(unknown)} could not be made and don’t count.`}
      </p>
    </div>
  );
}

/** The checks whose mending brings most. */
function First({ checks }: { checks: readonly Check[] }) {
  const dearest = checks.filter((check) => lost(check) > 0).sort((one, other) => lost(other) - lost(one));
  return (
    <ol className="divide-y divide-line">
      {dearest.slice(0, FIRST).map((check) => (
        <li key={check.id} className="flex items-baseline gap-3 py-1.5 first:pt-0">
          <span className="tabular w-10 shrink-0 text-right font-medium text-ok">
            +{number(Math.round(gain(check, checks)))}
          </span>
          <div className="min-w-0">
            <Link
              to="/score"
              search={{ check: check.id }}
              hash={check.id}
              className="font-medium underline decoration-line-strong/50 hover:decoration-ink"
            >
              {check.title}
            </Link>
            <p className="line-clamp-2 text-xs text-muted">{check.recommendation}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function History({ report, askedMs }: { report: PanelQuery<Report>; askedMs: number }) {
  // What was kept, and the score now behind it.
  const chart = ({ history, score }: Report) => ({
    times: [...history.map(({ time }) => parseTime(time)), askedMs],
    widthMs: 6 * HOUR_MS,
    series: [
      {
        label: 'Score',
        values: [...history.map((then) => then.score), score],
        color: '--color-series-1',
        kind: 'line',
      },
    ] as const,
    format: number,
  });
  return (
    <Panel
      title="History"
      note="Last 90 days, UTC; kept by the job score"
      query={report}
      height={190}
      className="lg:col-span-2 xl:col-span-1"
      empty={({ history }) =>
        history.length === 0 && (
          <Empty title="No score was kept yet">
            The job score keeps it by its schedule.{' '}
            <Link to="/jobs" search={{}} className="text-accent underline">
              Run it now
            </Link>{' '}
            to begin.
          </Empty>
        )
      }
      table={(data) => <TimeSeriesTable {...chart(data)} />}
    >
      {(data) => (
        <TimeSeries label="Security score over the last 90 days" height={190} max={100} {...chart(data)} />
      )}
    </Panel>
  );
}

function Checks({ report }: { report: PanelQuery<Report> }) {
  const view = useView();
  const setView = useSetView();
  const opened = one(view, 'check');
  const onlyOpen = one(view, 'show') === 'open';
  const checks = report.data?.checks ?? [];
  const unmet = checks.filter(({ status }) => status !== 'passed' && status !== 'unknown').length;
  if (report.data === undefined) return null;
  return (
    <section aria-label="Checks" className="mt-4 space-y-4">
      <Chip
        active={onlyOpen}
        onClick={() => setView({ show: onlyOpen ? undefined : 'open' }, { replace: true })}
      >
        Only what is not passed ({number(unmet)})
      </Chip>
      {grouped(checks).map((group) => {
        const shown = group.checks.filter(
          ({ status }) => !onlyOpen || (status !== 'passed' && status !== 'unknown'),
        );
        if (shown.length === 0) return null;
        const unknown = group.unknown > 0 ? `, ${number(group.unknown)} unknown` : '';
        return (
          <Card
            key={group.source}
            title={group.title}
            note={`${group.points} of ${group.maxPoints} points${unknown}`}
            flush
          >
            {shown.map((check) => (
              <CheckRow
                key={check.id}
                check={check}
                checks={checks}
                open={opened === check.id}
                onToggle={(open) => setView({ check: open ? check.id : undefined }, { replace: true })}
              />
            ))}
          </Card>
        );
      })}
    </section>
  );
}
