// How many rows have which score.

import { useNavigate } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { Histogram } from '@/charts/histogram';
import { scoreBins } from '@/lib/threats';
import { number } from '@/lib/units';
import { scoreTone } from '@/lib/words';
import { Empty, Panel, type PanelQuery } from '@/ui/panel';

export function Scores({ query }: { query: PanelQuery<{ data: Shape<'WafStats'> }> }) {
  const navigate = useNavigate();
  return (
    <Panel
      title="Rows by score"
      note="Points of all rules that matched a row."
      query={query}
      height={170}
      empty={({ data }) =>
        data.score_histogram.length === 0 && <Empty title="No row was scored in this time" />
      }
      table={({ data }) => (
        <table className="w-full">
          <thead>
            <tr className="text-left text-xs text-muted">
              <th scope="col" className="px-4 py-1 font-medium">
                Score
              </th>
              <th scope="col" className="px-4 py-1 text-right font-medium">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {data.score_histogram.map(({ score, count }) => (
              <tr key={score} className="tabular border-t border-line/60">
                <th scope="row" className="px-4 py-0.5 text-left font-normal">
                  {number(score)}
                </th>
                <td className="px-4 py-0.5 text-right">{number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    >
      {({ data }) => {
        const bins = scoreBins(data.score_histogram);
        return (
          <Histogram
            label="Rows by score"
            height={170}
            bins={bins.map(({ from, to, count }) => {
              const label = to === Infinity ? `${from}+` : from === to ? `${from}` : `${from}–${to}`;
              return { label, count, tone: scoreTone(from), name: `Score ${label}, show these and worse` };
            })}
            onBar={(index) =>
              void navigate({ to: '/logs', search: { min_score: String(bins[index]?.from ?? 0) } })
            }
          />
        );
      }}
    </Panel>
  );
}
