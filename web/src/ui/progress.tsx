// How far something is.

interface Props {
  /** 0 to 1; null while that is not known. */
  part: number | null;
  label: string;
  className?: string;
}

/** A bar, and the share as a name for who doesn't see it. */
export function Progress({ part, label, className = '' }: Props) {
  const percent = part === null ? undefined : Math.floor(part * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { 'aria-valuenow': percent })}
      className={`h-1.5 w-full overflow-hidden rounded-full bg-hover ${className}`}
    >
      <div
        className={`h-full rounded-full bg-accent-fill ${part === null ? 'skeleton w-full' : ''}`}
        style={part === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
