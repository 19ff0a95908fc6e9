import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { attentionOf } from '@/lib/attention';
import { useTimeRange } from '@/lib/hooks';
import { useNow } from '@/lib/now';
import { parseTime } from '@/lib/time';
import type { Tone } from '@/lib/words';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/icons';
import { sourcesQuery, statsQuery, summaryQuery } from './queries';

const TONES: Record<Tone, string> = {
  neutral: 'border-line bg-surface',
  accent: 'border-accent/40 bg-accent-soft text-accent',
  ok: 'border-ok/40 bg-ok-soft text-ok',
  warn: 'border-warn/40 bg-warn-soft text-warn',
  danger: 'border-danger/40 bg-danger-soft text-danger',
};

const PILL =
  'inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-md border px-2.5 py-1 font-medium wrap-anywhere';

/** One line that says whether something is wrong. */
export function AttentionStrip() {
  const { range } = useTimeRange();
  const now = useNow();
  const summary = useQuery(summaryQuery(range));
  const sources = useQuery(sourcesQuery);
  const stats = useQuery(statsQuery);
  // Nothing is said to be well before everything was asked.
  if (!summary.data || !sources.data || !stats.data)
    return <div className="skeleton h-8 w-2/3" aria-hidden="true" />;
  const { ingest, waf, security_score: score } = summary.data.data;
  const storedMs = parseTime(ingest.last_import);
  const found = attentionOf({
    sources: sources.data.data,
    lagSeconds: ingest.lag_seconds,
    silentMs: Number.isNaN(storedMs) ? undefined : now - storedMs,
    openFindings: summary.data.data.findings.open,
    flagged: waf.flagged,
    score,
    rejected: stats.data.data.rejected_lines,
  });
  return (
    <section aria-label="Needs attention">
      <ul className="flex flex-wrap gap-2">
        {found.length === 0 && (
          <li className={cx(PILL, TONES.ok)}>
            <Icon name="check" /> Nothing needs attention
          </li>
        )}
        {found.map(({ tone, text, to, search }) => (
          <li key={text} className="max-w-full">
            <Link to={to} search={search ?? {}} className={cx(PILL, TONES[tone], 'hover:underline')}>
              <Icon name={tone === 'accent' ? 'about' : 'threats'} />
              {text}
              <Icon name="right" width={12} height={12} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
