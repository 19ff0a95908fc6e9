// The filters of the audit log. What is typed goes into the address when it is applied.

import { useState, type FormEvent } from 'react';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { Chip } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';

const FIELDS = [
  { name: 'q', label: 'Text', placeholder: 'in any part of an entry' },
  { name: 'action', label: 'Action', placeholder: 'logs.clear, user.*' },
  { name: 'username', label: 'Who', placeholder: 'admin' },
  { name: 'target', label: 'Target', placeholder: 'gdpr_mode' },
] as const;

type Name = (typeof FIELDS)[number]['name'];

/** Actions that are looked for often. */
const OFTEN: readonly { label: string; action: string }[] = [
  { label: 'Signing in', action: 'auth.*' },
  { label: 'Settings', action: 'settings.*' },
  { label: 'Accounts', action: 'user.*' },
  { label: 'Personal data', action: 'privacy.*' },
  { label: 'Removed rows', action: 'logs.*' },
];

export function AuditFilters() {
  const view = useView();
  const set = FIELDS.map(({ name }) => one(view, name) ?? '').join('\n');
  // Typed text starts again from the address when that changes.
  return <Form key={set} />;
}

function Form() {
  const view = useView();
  const setView = useSetView();
  const inForce = (name: Name) => one(view, name) ?? '';
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const apply = (event: FormEvent) => {
    event.preventDefault();
    setView(
      Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.trim() || undefined])),
    );
  };
  return (
    <form onSubmit={apply} className="mb-4 space-y-2">
      <div className="flex flex-wrap items-end gap-2">
        {FIELDS.map(({ name, label, placeholder }) => (
          <div key={name} className="min-w-36 flex-1 sm:max-w-56">
            <Input
              label={label}
              placeholder={placeholder}
              value={typed[name] ?? inForce(name)}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </div>
        ))}
        <Button type="submit" look="primary">
          Apply
        </Button>
      </div>
      <div className="flex flex-wrap gap-1.5">
        {OFTEN.map(({ label, action }) => {
          const active = inForce('action') === action;
          return (
            <Chip
              key={action}
              active={active}
              clickLabel={action}
              onClick={() => setView({ action: active ? undefined : action })}
            >
              {label}
            </Chip>
          );
        })}
      </div>
    </form>
  );
}
