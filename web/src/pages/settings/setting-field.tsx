// A setting: what it is called and does, its control, where its value comes from, and the way back.

import { differsFromDefault, draftOf, isChanged, label, shown, type Draft } from '@/lib/settings-form';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { SettingControl, type Setting } from './control';

const SOURCES: Readonly<Record<string, string>> = { file: 'config.toml', database: 'set here' };

interface Props {
  setting: Setting;
  draft: Draft | undefined;
  errors: readonly string[] | undefined;
  onDraft: (draft: Draft | undefined) => void;
  /** Forgets what was set: config.toml's value or the default holds again. */
  onReset: () => void;
  /** Opens the entries of a list that is too long for the form. */
  onEntries: (() => void) | undefined;
}

export function SettingField({ setting, draft, errors, onDraft, onReset, onEntries }: Props) {
  const name = label(setting.setting_name);
  const changed = isChanged(setting, draft);
  const differs = differsFromDefault(setting);
  return (
    <div
      id={setting.setting_name}
      className={`grid gap-x-6 gap-y-2 border-t border-line px-4 py-3 first:border-t-0 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] ${changed ? 'bg-accent-soft/50' : ''}`}
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {name}
          {changed && <Badge tone="accent">Not saved</Badge>}
          {!changed && SOURCES[setting.source] && <Badge>{SOURCES[setting.source]}</Badge>}
        </p>
        <p className="mt-0.5 text-muted">{setting.help}</p>
        <p className="mt-0.5 font-mono text-xs text-muted wrap-anywhere">{setting.setting_name}</p>
      </div>
      <div className="min-w-0 space-y-1.5">
        <SettingControl
          setting={setting}
          label={name}
          draft={draft ?? draftOf(setting)}
          errors={errors}
          onChange={onDraft}
        />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
          {(differs || changed) && !setting.secret && <span>Default: {shown(setting, setting.default)}</span>}
          {changed && (
            <Button size="small" look="quiet" onClick={() => onDraft(undefined)}>
              Undo
            </Button>
          )}
          {!changed && setting.source === 'database' && (
            <Button size="small" look="quiet" onClick={onReset} aria-label={`Reset ${name}`}>
              Reset
            </Button>
          )}
          {onEntries && (
            <Button size="small" look="quiet" onClick={onEntries}>
              All entries ({setting.count ?? 0})
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
