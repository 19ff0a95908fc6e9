// Why a row has its score and its words: every rule that matched, with the value on its way there, and what it was
// taken for.

import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { titled } from '@/lib/text';
import { scoreTone, severityTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText } from '@/ui/hostile-text';
import { LogsLink } from '@/ui/links';
import { Notice } from '@/ui/notice';

type Detail = Shape<'LogDetail'>;
type Matched = Shape<'MatchedRule'>;

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
          <ol className="space-y-2">
            {row.matched_rules.map((rule, index) => (
              <Rule key={index} rule={rule} />
            ))}
          </ol>
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

function Rule({ rule }: { rule: Matched }) {
  const { id, message, points, severity, category, techniques, where, fragment, steps, file, line } = rule;
  return (
    <li className="rounded-md border border-line px-3 py-2">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Link to="/rules/$id" params={{ id: String(id) }} className="font-medium text-accent hover:underline">
          {message ?? `Rule ${id}`}
        </Link>
        <Badge tone={severityTone(severity)}>+{points}</Badge>
        <span className="text-xs text-muted">
          {[String(id), severity, category, ...techniques].filter(Boolean).join(' · ')}
        </span>
        <span className="ml-auto text-xs">
          <LogsLink search={{ rule: String(id) }}>
            rows <span className="sr-only">that rule {id} matched</span>
          </LogsLink>
        </span>
      </div>
      {where && (
        <p className="mt-1">
          <code className="font-mono text-[0.8125rem]">{where}</code>
          {fragment && (
            <>
              {' '}
              matched{' '}
              <mark className="rounded-sm bg-warn-soft px-0.5 text-ink">
                <HostileText text={fragment} max={400} mono wrap />
              </mark>
            </>
          )}
        </p>
      )}
      {steps.length > 0 && (
        <ol className="mt-1.5 space-y-1 border-l-2 border-line pl-3">
          {steps.map(({ transformation, value }, index) => (
            <li key={index} className="text-xs">
              <span className="text-muted">
                {transformation ? `after ${transformation}` : 'as it was sent'}:{' '}
              </span>
              <HostileText text={value} max={2000} mono wrap className="text-xs" />
            </li>
          ))}
        </ol>
      )}
      {!where && (
        <p className="mt-1 text-xs text-muted">
          Where it matched is not shown, or today’s rule does not match any more.
        </p>
      )}
      {file && (
        <p className="mt-1 text-2xs text-muted">
          {file}
          {line ? `:${line}` : ''}
        </p>
      )}
    </li>
  );
}
