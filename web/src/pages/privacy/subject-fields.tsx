// Names a person: a client or a user, as logged or by pseudonym.

import { Input, Select } from '@/ui/field';

export interface Subject {
  kind: 'client' | 'user';
  value: string;
}

export const NOBODY: Subject = { kind: 'client', value: '' };

interface Props {
  subject: Subject;
  errors: readonly string[] | undefined;
  onChange: (subject: Subject) => void;
}

export function SubjectFields({ subject, errors, onChange }: Props) {
  return (
    <div className="grid gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <Select
        label="The person is a"
        value={subject.kind}
        options={[
          { value: 'client', label: 'client' },
          { value: 'user', label: 'user' },
        ]}
        onChange={(event) =>
          onChange({ ...subject, kind: event.target.value === 'user' ? 'user' : 'client' })
        }
      />
      <Input
        label={subject.kind === 'client' ? 'Address, or pseudonym' : 'Name, or pseudonym'}
        className="font-mono"
        spellCheck={false}
        autoComplete="off"
        required
        placeholder={subject.kind === 'client' ? '10.1.2.3 or c-…' : 'jdoe or u-…'}
        value={subject.value}
        errors={errors}
        onChange={(event) => onChange({ ...subject, value: event.target.value })}
      />
    </div>
  );
}

/** The person, as the API takes them. */
export function subjectParams({ kind, value }: Subject): { client: string } | { user: string } {
  return kind === 'client' ? { client: value.trim() } : { user: value.trim() };
}
