// Fields of a form: a label, the control, a hint, and what is wrong with it.

import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx';

const CONTROL =
  'w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-ink placeholder:text-muted disabled:opacity-60 aria-invalid:border-danger';

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong, from `ApiError.fields`. */
  errors?: readonly string[] | undefined;
  /** Keep the label for screen readers alone. */
  hideLabel?: boolean;
}

interface Described {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** Lays out label, control, hint and errors; the control gets what ties them together. */
export function Field({
  label,
  hint,
  errors,
  hideLabel,
  children,
}: FieldProps & { children: (described: Described) => ReactNode }) {
  const id = useId();
  const wrong = errors !== undefined && errors.length > 0;
  const described = [hint ? `${id}-hint` : '', wrong ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={cx('mb-1 block text-xs font-medium text-muted', hideLabel && 'sr-only')}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': wrong || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
      {wrong && (
        <p id={`${id}-error`} className="mt-1 text-xs text-danger">
          {errors.join('; ')}
        </p>
      )}
    </div>
  );
}

export function Input({
  label,
  hint,
  errors,
  hideLabel,
  className,
  ...rest
}: FieldProps & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} errors={errors} hideLabel={hideLabel ?? false}>
      {(described) => <input {...rest} {...described} className={cx(CONTROL, 'h-8', className)} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  errors,
  hideLabel,
  className,
  ...rest
}: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} errors={errors} hideLabel={hideLabel ?? false}>
      {(described) => (
        <textarea rows={4} {...rest} {...described} className={cx(CONTROL, 'py-1.5', className)} />
      )}
    </Field>
  );
}

/** A choice of few: the browser's own control, which works with every keyboard and on every telephone. */
export function Select({
  label,
  hint,
  errors,
  hideLabel,
  className,
  options,
  ...rest
}: FieldProps & ComponentProps<'select'> & { options: readonly { value: string; label: string }[] }) {
  return (
    <Field label={label} hint={hint} errors={errors} hideLabel={hideLabel ?? false}>
      {(described) => (
        <select {...rest} {...described} className={cx(CONTROL, 'h-8 pr-1', className)}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** On or off. */
export function Checkbox({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        type="checkbox"
        {...rest}
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent-fill"
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
