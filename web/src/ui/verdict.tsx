// Why a request got its score: every rule that matched, and how the value was decoded on its way there.

import type { Shape } from '@/api/client';
import { number } from '@/lib/units';
import { severityTone } from '@/lib/words';
import { Badge } from './badge';
import { LogsLink, RuleLink, Technique } from './links';
import { HostileText } from './hostile-text';

type Matched = Shape<'MatchedRule'>;

export function MatchedRules({ rules }: { rules: readonly Matched[] }) {
  return (
    <ol className="space-y-3">
      {rules.map((rule, index) => (
        <li key={`${rule.id} ${index}`} className="rounded-md border border-line p-3">
          <Matched rule={rule} />
        </li>
      ))}
    </ol>
  );
}

function Matched({ rule }: { rule: Matched }) {
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <RuleLink id={rule.id} message={rule.message} wrap />
        <span className="tabular text-xs text-muted">{rule.id}</span>
        {rule.severity && <Badge tone={severityTone(rule.severity)}>{rule.severity}</Badge>}
        {(rule.techniques ?? []).map((id) => (
          <Technique key={id} id={id} />
        ))}
        <span className="ml-auto flex items-baseline gap-3">
          <span className="text-xs">
            <LogsLink search={{ rule: String(rule.id) }}>
              rows <span className="sr-only">that rule {rule.id} matched</span>
            </LogsLink>
          </span>
          <span className="tabular font-semibold">+{number(rule.points)}</span>
        </span>
      </div>
      {(rule.where || rule.fragment) && (
        <p className="mt-1.5">
          {rule.where && (
            <>
              <span className="text-muted">in</span>{' '}
              <HostileText text={rule.where} mono wrap max={200} />{' '}
            </>
          )}
          {rule.fragment && (
            <>
              <span className="text-muted">matched</span>{' '}
              <mark className="rounded-sm bg-danger-soft px-0.5 text-danger">
                <HostileText text={rule.fragment} mono wrap max={1000} />
              </mark>
            </>
          )}
        </p>
      )}
      <Steps steps={rule.steps ?? []} />
      {!rule.where && (
        <p className="mt-1 text-xs text-muted">
          Where it matched is not shown, or today’s rule does not match any more.
        </p>
      )}
      {rule.file && (
        <p className="mt-1 text-2xs text-muted">
          {rule.file}
          {rule.line ? `:${rule.line}` : ''}
        </p>
      )}
    </>
  );
}

/** The value as it was sent, and what each transformation made of it. */
function Steps({ steps }: { steps: Matched['steps'] }) {
  if (steps.length === 0) return null;
  return (
    <ol className="mt-2 space-y-1 border-l-2 border-line pl-3" aria-label="How it was decoded">
      {steps.map(({ transformation, value }, index) => (
        <li key={index} className="grid gap-x-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
          <span className="text-xs text-muted">{transformation ?? 'as it was sent'}</span>
          <HostileText text={value} mono wrap max={2000} />
        </li>
      ))}
    </ol>
  );
}
