// A line without axes, beside a number.

import { cx } from '@/ui/cx';

export function Sparkline({
  label,
  values,
  width = 88,
  height = 28,
  className,
}: {
  label: string;
  values: readonly number[];
  width?: number;
  height?: number;
  className?: string;
}) {
  if (values.length < 2) return null;
  const max = Math.max(1, ...values);
  const x = (index: number) => (index * width) / (values.length - 1);
  const y = (value: number) => height - 1.5 - (value / max) * (height - 3);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      className={cx('shrink-0 text-series-1', className)}
    >
      <polygon
        points={`0,${height} ${points.join(' ')} ${width},${height}`}
        fill="currentColor"
        opacity="0.14"
      />
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
