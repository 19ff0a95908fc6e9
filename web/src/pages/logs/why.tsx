// Why a row has its score and its words: every rule that matched, with the value on its way there, and what it was
// taken for.

import type { Shape } from '@/api/client';
import { titled } from '@/lib/text';
import { scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { MatchedRules } from '@/ui/verdict';

type Detail = Shape<'LogDetail'>;

export function Why({
  row,
}: {
  row: Pick<Detail, 'waf' | 'matched_rules' | 'rules_changed' | 'classification'>;
}) {
  return (
    <>
      <section aria-labelledby="why-rules">
        <h3 id="why-rules" className="mb-1.5 flex items-center gap-2 font-semibold">
          Rules that matched
          {row.waf.score ? <Badge tone={scoreTone(row.waf.score)}>score {row.waf.score}</Badge> : null}
        </h3>
        {row.rules_changed && (
          <Notice tone="warn" className="mb-2">
            Today’s rules would say something else: they have changed since this row was scored.
          </Notice>
        )}
        {row.matched_rules.length === 0 ? (
          <p className="text-muted">
            {row.waf.score === null || row.waf.score === undefined ? 'It was not scored.' : 'None.'}
          </p>
        ) : (
          <MatchedRules rules={row.matched_rules} />
        )}
      </section>
      {row.classification.length > 0 && (
        <section aria-labelledby="why-words">
          <h3 id="why-words" className="mb-1.5 font-semibold">
            What it was taken for
          </h3>
          <table className="w-full border-collapse">
            <thead className="sr-only">
              <tr>
                <th scope="col">What</th>
                <th scope="col">Value</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {row.classification.map(({ name, value, why }) => (
                <tr key={name} className="border-t border-line/60 align-top">
                  <th scope="row" className="py-1 pr-3 text-left font-normal text-muted">
                    {titled(name)}
                  </th>
                  <td className="py-1 pr-3">
                    <HostileText text={value} max={300} wrap />
                  </td>
                  <td className="py-1 text-xs text-muted">
                    <HostileText text={why} max={400} wrap />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
