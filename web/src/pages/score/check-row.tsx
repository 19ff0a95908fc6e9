// A check of the security score: what it is, what it earned, and, unfolded, why and what to do.

import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { gain, lost, verdict, type Verdict } from '@/lib/posture';
import { number } from '@/lib/units';
import { titled } from '@/lib/text';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Icon } from '@/ui/icons';
import { HostileText } from '@/ui/hostile-text';
import { logsPage } from '@/lib/paths';
import { parseSearch } from '@/lib/search';

export type Check = Shape<'CheckRow'>;
type Evidence = Shape<'EvidenceRow'>;

const TONES: Record<Verdict, Tone> = { good: 'ok', warn: 'warn', bad: 'danger', none: 'neutral' };

interface Props {
  check: Check;
  /** All checks, to say what mending this one would bring. */
  checks: readonly Check[];
  open: boolean;
  onToggle: (open: boolean) => void;
}

export function CheckRow({ check, checks, open, onToggle }: Props) {
  const brings = Math.round(gain(check, checks));
  return (
    <details
      id={check.id}
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open !== open) onToggle(event.currentTarget.open);
      }}
      className="group border-t border-line first:border-t-0"
    >
      <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover">
        <Icon name="right" width={12} height={12} className="text-muted group-open:rotate-90" />
        <span className="w-24 shrink-0">
          <Badge tone={TONES[verdict(check.status)]}>{titled(check.status)}</Badge>
        </span>
        <span className="min-w-0 flex-1 basis-48">{check.title}</span>
        <span className="tabular text-xs text-muted">
          {check.status === 'unknown'
            ? `${check.max_points} points, not counted`
            : `${check.points} of ${check.max_points} points`}
        </span>
      </summary>
      <div className="space-y-3 px-4 pt-1 pb-4 sm:pl-[9.25rem]">
        {check.recommendation && (
          <div className="rounded-md border border-accent/40 bg-accent-soft px-3 py-2">
            <p className="font-medium">
              What to do{lost(check) > 0 && brings > 0 ? `, for ${number(brings)} more of 100` : ''}
            </p>
            <p className="mt-0.5 wrap-anywhere">{check.recommendation}</p>
          </div>
        )}
        <ul className="space-y-2">
          {check.evidence.map((evidence, index) => (
            <EvidenceItem key={index} evidence={evidence} />
          ))}
        </ul>
        <p className="font-mono text-xs text-muted">{check.id}</p>
      </div>
    </details>
  );
}

/** One thing that was seen: a line of a file, a setting, or rows. */
function EvidenceItem({ evidence }: { evidence: Evidence }) {
  const { text, file, line, setting, value, count, rows, href } = evidence;
  const page = logsPage(href);
  return (
    <li className="border-l-2 border-line pl-3">
      <HostileText text={text} wrap />
      <div className="mt-0.5 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {file && (
          <span className="font-mono wrap-anywhere">
            {file}
            {line ? `:${line}` : ''}
          </span>
        )}
        {setting && (
          <Link to="/settings" search={{ q: setting }} className="text-accent underline">
            {setting} = {JSON.stringify(value)}
          </Link>
        )}
        {page && (
          <Link to="/logs" search={parseSearch(page.split('?')[1] ?? '')} className="text-accent underline">
            {count === null || count === undefined ? 'Show the rows' : `Show all ${number(count)} rows`}
          </Link>
        )}
        {rows && rows.length > 0 && (
          <span>
            Newest:{' '}
            {rows.map((row, index) => (
              <span key={row}>
                {index > 0 && ', '}
                <Link
                  to="/logs"
                  search={{ row: String(row), range: 'all' }}
                  className="text-accent underline"
                >
                  row {row}
                </Link>
              </span>
            ))}
          </span>
        )}
      </div>
    </li>
  );
}
