// What rules and detectors found: when, of what kind, by whom.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { BarList } from '@/charts/bar-list';
import { useTimeRange } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { titled } from '@/lib/text';
import { buttonClass } from '@/ui/button';
import { RuleLink } from '@/ui/links';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { CategoriesOverTime } from './threats/categories';
import { ClientsByScore } from './threats/clients';
import { Findings } from './threats/findings';
import { Scores } from './threats/scores';
import { Techniques } from './threats/techniques';
import { ThreatTiles } from './threats/tiles';

const CLEAN = (
  <Empty title="No rule matched in this time">
    That is good news, if lines come: see Sources. What rules there are is under Rules.
  </Empty>
);

export function Threats() {
  const { range, query } = useTimeRange();
  const stats = useQuery(ask('/api/waf/stats', { params: { query: { ...query, limit: 50 } } }));
  const categories = useQuery(ask('/api/waf/categories', { params: { query } }));
  return (
    <Page
      title="Threats"
      note={`What rules and detectors found. ${rangeLabel(range)}. Times are UTC.`}
      actions={
        <Link to="/logs" search={{ tag: 'flagged' }} className={buttonClass('primary')}>
          Flagged rows
        </Link>
      }
    >
      <ThreatTiles stats={stats.data?.data} />
      <div className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        <CategoriesOverTime className="lg:col-span-2" />
        <Findings className="lg:col-span-2 2xl:col-span-1" />
        <div className="grid content-start gap-3">
          <Scores query={stats} />
          <Panel
            title="Categories of rules"
            query={categories}
            empty={({ data }) => data.every(({ hits }) => hits === 0) && CLEAN}
          >
            {({ data }) => (
              <BarList
                label="Categories of rules by hits"
                nameLabel="Category"
                valueLabel="Rows"
                tone="series-2"
                bars={data
                  .filter(({ hits }) => hits > 0)
                  .toSorted((a, b) => b.hits - a.hits)
                  .slice(0, 15)
                  .map(({ name, title, hits }) => ({
                    key: name,
                    name: (
                      <Link
                        to="/logs"
                        search={{ waf_category: name }}
                        className="text-accent hover:underline"
                      >
                        {title || titled(name)}
                      </Link>
                    ),
                    value: hits,
                  }))}
              />
            )}
          </Panel>
        </div>
        <Panel
          title="Rules by hits"
          query={stats}
          empty={({ data }) => data.top_rules.length === 0 && CLEAN}
          actions={
            <Link to="/rules" className={buttonClass('quiet', 'small')}>
              All rules
            </Link>
          }
        >
          {({ data }) => (
            <BarList
              label="Rules by hits"
              nameLabel="Rule"
              valueLabel="Rows"
              tone="series-2"
              bars={data.top_rules.slice(0, 15).map(({ id, message, count }) => ({
                key: String(id),
                name: <RuleLink id={id} message={message} />,
                value: count,
                note: (
                  <Link
                    to="/logs"
                    search={{ rule: String(id) }}
                    className="text-accent hover:underline"
                    aria-label={`Rows that rule ${id} matched`}
                  >
                    rows
                  </Link>
                ),
              }))}
            />
          )}
        </Panel>
        <div className="grid content-start gap-3 lg:col-span-2 lg:grid-cols-2 2xl:col-span-1 2xl:grid-cols-1">
          <ClientsByScore />
          <Techniques />
        </div>
      </div>
    </Page>
  );
}
