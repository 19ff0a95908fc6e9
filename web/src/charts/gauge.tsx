// A value out of a whole, as half a circle.

import type { ReactNode } from 'react';
import type { Tone } from '@/lib/words';

const STROKES: Record<Tone, string> = {
  neutral: 'stroke-series-6',
  accent: 'stroke-series-1',
  ok: 'stroke-series-5',
  warn: 'stroke-series-4',
  danger: 'stroke-series-2',
};

const ARC = 'M 10 60 A 50 50 0 0 1 110 60';
const LENGTH = Math.PI * 50;

export function Gauge({
  label,
  value,
  max,
  tone,
  children,
  size = 160,
}: {
  label: string;
  value: number;
  max: number;
  tone: Tone;
  /** What stands in it; the value otherwise. */
  children?: ReactNode;
  size?: number;
}) {
  const ratio = Math.min(1, Math.max(0, max > 0 ? value / max : 0));
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      className="relative"
      style={{ width: size }}
    >
      <svg viewBox="0 0 120 66" className="block w-full" aria-hidden="true">
        <path d={ARC} fill="none" strokeWidth="11" strokeLinecap="round" className="stroke-hover" />
        {ratio > 0 && (
          <path
            d={ARC}
            fill="none"
            strokeWidth="11"
            strokeLinecap="round"
            className={STROKES[tone]}
            strokeDasharray={`${ratio * LENGTH} ${LENGTH}`}
          />
        )}
      </svg>
      <div className="absolute inset-x-0 bottom-0 text-center">
        {children ?? <b className="text-2xl">{value}</b>}
      </div>
    </div>
  );
}
