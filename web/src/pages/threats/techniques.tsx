// Techniques of MITRE ATT&CK that rules saw signs of.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { BarList } from '@/charts/bar-list';
import { useTimeRange } from '@/lib/hooks';
import { byTechnique } from '@/lib/threats';
import { Technique } from '@/ui/links';
import { Empty, Panel } from '@/ui/panel';

export function Techniques() {
  const { query } = useTimeRange();
  const rules = useQuery(ask('/api/waf/rules', { params: { query: { ...query, limit: 1000 } } }));
  return (
    <Panel
      title="ATT&CK techniques seen"
      note="Hits of the rules that name a technique."
      query={rules}
      empty={({ data }) => byTechnique(data).length === 0 && <Empty title="None in this time" />}
    >
      {({ data }) => (
        <BarList
          label="ATT&CK techniques by hits"
          nameLabel="Technique"
          valueLabel="Hits"
          tone="series-2"
          bars={byTechnique(data)
            .slice(0, 12)
            .map(({ id, hits, rules: count }) => ({
              key: id,
              name: (
                <Link to="/rules" search={{ technique: id }} className="hover:underline">
                  <Technique id={id} named />
                </Link>
              ),
              value: hits,
              note: `${count} ${count === 1 ? 'rule' : 'rules'}`,
            }))}
        />
      )}
    </Panel>
  );
}
