// The control of a setting, by its type.

import { bounds, isChoiceList, isCut, type Draft } from '@/lib/settings-form';
import type { Shape } from '@/api/client';
import { describe } from '@/lib/schedule';
import { Checkbox, Field, Input, Select, TextArea } from '@/ui/field';

export type Setting = Shape<'SettingRow'>;

interface Props {
  setting: Setting;
  label: string;
  draft: Draft;
  errors: readonly string[] | undefined;
  onChange: (draft: Draft) => void;
}

export function SettingControl({ setting, label, draft, errors, onChange }: Props) {
  const common = { label, errors, hideLabel: true };
  if (typeof draft === 'boolean') {
    return (
      <Checkbox
        label={draft ? 'On' : 'Off'}
        aria-label={label}
        checked={draft}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  if (typeof draft !== 'string')
    return <Words setting={setting} label={label} chosen={draft} errors={errors} onChange={onChange} />;
  const type = (text: string) => onChange(text);
  switch (setting.type) {
    case 'choice':
      return (
        <Select
          {...common}
          className="max-w-60"
          value={draft}
          options={(setting.options ?? []).map((value) => ({ value, label: value }))}
          onChange={(event) => type(event.target.value)}
        />
      );
    case 'int':
      return (
        <Input
          {...common}
          className="tabular max-w-40"
          inputMode="numeric"
          value={draft}
          hint={bounds(setting) === '' ? undefined : bounds(setting)}
          onChange={(event) => type(event.target.value)}
        />
      );
    case 'list':
      return (
        <TextArea
          {...common}
          className="font-mono text-[0.8125rem]"
          rows={Math.min(8, draft.split('\n').length + 1)}
          spellCheck={false}
          disabled={isCut(setting)}
          value={draft}
          hint={
            isCut(setting)
              ? 'Too long to be edited here: what is not shown would be lost.'
              : 'One entry a line.'
          }
          onChange={(event) => type(event.target.value)}
        />
      );
    case 'schedule':
      return (
        <Input
          {...common}
          className="max-w-60 font-mono"
          spellCheck={false}
          value={draft}
          placeholder="never"
          hint={`${describe(draft) ?? 'as the pattern says'}; six fields, in UTC: second, minute, hour, day, month, day of the week`}
          onChange={(event) => type(event.target.value)}
        />
      );
    default:
      return (
        <Input
          {...common}
          className="max-w-96"
          type={setting.secret ? 'password' : 'text'}
          autoComplete={setting.secret ? 'new-password' : 'off'}
          value={draft}
          placeholder={setting.secret ? (setting.set ? 'set; type to replace it' : 'not set') : ''}
          hint={setting.secret ? 'Kept sealed; never shown.' : undefined}
          onChange={(event) => type(event.target.value)}
        />
      );
  }
}

/** A list whose entries are chosen from words. */
function Words({
  setting,
  label,
  chosen,
  errors,
  onChange,
}: Omit<Props, 'draft'> & { chosen: readonly string[] }) {
  if (!isChoiceList(setting)) return null;
  const toggle = (word: string, on: boolean) =>
    onChange((setting.options ?? []).filter((each) => (each === word ? on : chosen.includes(each))));
  return (
    <Field label={label} hideLabel errors={errors}>
      {(described) => (
        <fieldset {...described} className="flex flex-wrap gap-x-4 gap-y-1">
          <legend className="sr-only">{label}</legend>
          {(setting.options ?? []).map((word) => (
            <Checkbox
              key={word}
              label={word}
              checked={chosen.includes(word)}
              onChange={(event) => toggle(word, event.target.checked)}
            />
          ))}
        </fieldset>
      )}
    </Field>
  );
}
