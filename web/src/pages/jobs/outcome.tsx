// How a run of a job ended, and what came of it.

import type { Shape } from '@/api/client';
import { resultPairs } from '@/lib/outcome';
import { number } from '@/lib/units';
import type { Tone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText } from '@/ui/hostile-text';

export type Run = Shape<'JobRow'>;

const TONES: Readonly<Record<string, Tone>> = {
  done: 'ok',
  failed: 'danger',
  interrupted: 'warn',
  running: 'accent',
};

export function OutcomeBadge({ outcome }: { outcome: string }) {
  return <Badge tone={TONES[outcome] ?? 'neutral'}>{outcome}</Badge>;
}

/** What came of a run, in a line; why it failed, where it did. */
export function ResultText({ run }: { run: Run }) {
  if (run.error) return <HostileText text={run.error} wrap className="text-xs text-danger" />;
  const pairs = resultPairs(run.result);
  if (pairs.length === 0) return null;
  return (
    <p className="text-xs text-muted wrap-anywhere">
      {pairs
        .map(({ name, value }) => `${name}: ${typeof value === 'number' ? number(value) : value}`)
        .join(' · ')}
    </p>
  );
}
