// The settings, rendered from the registry that the server holds: nothing here knows a setting by name.

import { useMemo, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { ApiError } from '@/api/error';
import { useSend } from '@/api/send';
import { useView, useSetView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { changes, differsFromDefault, label, matches, sections, type Drafts } from '@/lib/settings-form';
import { number } from '@/lib/units';
import { Chip } from '@/ui/badge';
import { ConfirmDialog } from '@/ui/confirm';
import { Input } from '@/ui/field';
import { Page } from '@/ui/page';
import { Card, Empty, Failed, Loading } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { sectionId, SectionNav } from './settings/section-nav';
import { NeedsScope } from './needs-scope';
import { Certificates } from './settings/certificates';
import type { Setting } from './settings/control';
import { EntriesDrawer } from './settings/entries-drawer';
import { SaveBar } from './settings/save-bar';
import { SettingField } from './settings/setting-field';

export function Settings() {
  return (
    <Page title="Settings" note="In force at once; who changed what is in the audit log.">
      <NeedsScope scope="admin" what="The settings are">
        <Loaded />
      </NeedsScope>
    </Page>
  );
}

const settingsQuery = ask('/api/settings');

function Loaded() {
  const query = useQuery(settingsQuery);
  if (query.data !== undefined) return <Form settings={query.data.data} />;
  return query.error ? (
    <Failed error={query.error} retry={query.refetch} busy={query.isFetching} />
  ) : (
    <Loading height={400} />
  );
}

function Form({ settings }: { settings: Setting[] }) {
  const view = useView();
  const setView = useSetView();
  const queries = useQueryClient();
  const [drafts, setDrafts] = useState<Drafts>({});
  const [faults, setFaults] = useState<Readonly<Record<string, string[]>>>({});
  const [resetting, setResetting] = useState<Setting>();
  const [entries, setEntries] = useState<Setting>();
  // Lists that may get too long for a form have entries of their own.
  const listed = useQuery(ask('/api/lists'));
  const lists = useMemo(() => new Set(listed.data?.data.map(({ name }) => name)), [listed.data]);
  const search = one(view, 'q') ?? '';
  const onlyOwn = one(view, 'show') === 'changed';
  const wanted = useMemo(
    () => settings.filter((setting) => matches(setting, search) && (!onlyOwn || differsFromDefault(setting))),
    [settings, search, onlyOwn],
  );
  const shownSections = sections(wanted);
  const own = settings.filter(differsFromDefault).length;
  const pending = changes(settings, drafts);
  const count = Object.keys(pending.body).length + Object.keys(pending.faults).length;
  const refresh = () => queries.invalidateQueries({ queryKey: settingsQuery.queryKey });

  const save = useSend('post', '/api/settings', {
    onSuccess: async (answer) => {
      await refresh();
      setDrafts({});
      toast(answer.message);
    },
    onError: (failure) =>
      setFaults((failure as unknown) instanceof ApiError ? (failure as unknown as ApiError).fields : {}),
  });
  const reset = useSend('delete', '/api/settings/{name}', { onSuccess: refresh });
  const submit = () => {
    save.reset();
    setFaults(pending.faults);
    if (Object.keys(pending.faults).length === 0) save.mutate({ body: pending.body });
  };
  const discard = () => {
    setDrafts({});
    setFaults({});
    save.reset();
  };
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && count > 0,
    enableBeforeUnload: () => count > 0,
    withResolver: true,
  });

  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="w-full max-w-80">
          <Input
            label="Find a setting"
            type="search"
            value={search}
            onChange={(event) => setView({ q: event.target.value || undefined }, { replace: true })}
          />
        </div>
        <Chip active={onlyOwn} onClick={() => setView({ show: onlyOwn ? undefined : 'changed' })}>
          Not as by default ({number(own)})
        </Chip>
      </div>
      {wanted.length === 0 && (
        <Empty title="No setting fits">Search for something else, or show all settings.</Empty>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[10rem_minmax(0,64rem)]">
        <SectionNav sections={shownSections} />
        <div className="min-w-0 space-y-4">
          {shownSections.map((section) => (
            <div key={section.name} id={sectionId(section.name)} className="scroll-mt-16">
              <Card title={section.title} flush>
                {section.settings.map((setting) => (
                  <SettingField
                    key={setting.setting_name}
                    setting={setting}
                    draft={drafts[setting.setting_name]}
                    errors={faults[setting.setting_name]}
                    onDraft={(draft) => {
                      setDrafts((before) => put(before, setting.setting_name, draft));
                      setFaults((before) => put(before, setting.setting_name, undefined));
                    }}
                    onReset={() => setResetting(setting)}
                    onEntries={lists.has(setting.setting_name) ? () => setEntries(setting) : undefined}
                  />
                ))}
                {section.name === 'https' && <Certificates />}
              </Card>
            </div>
          ))}
        </div>
      </div>
      <SaveBar
        count={count}
        faults={Object.keys(faults).length}
        busy={save.isPending}
        error={save.error}
        onSave={submit}
        onDiscard={discard}
      />
      <ConfirmDialog
        open={resetting !== undefined}
        onOpenChange={(open) => !open && setResetting(undefined)}
        title={`Reset ${resetting ? label(resetting.setting_name) : ''}`}
        action="Reset"
        danger={false}
        onConfirm={() =>
          reset
            .mutateAsync({ params: { path: { name: resetting?.setting_name ?? '' } } })
            .then((answer) => toast(answer.message))
        }
      >
        What was set here is forgotten: config.toml’s value or the default holds again.
      </ConfirmDialog>
      <ConfirmDialog
        open={blocker.status === 'blocked'}
        onOpenChange={(open) => !open && blocker.status === 'blocked' && blocker.reset()}
        title="Leave without saving?"
        action="Leave"
        onConfirm={async () => blocker.status === 'blocked' && blocker.proceed()}
      >
        {number(count)} {count === 1 ? 'change is' : 'changes are'} not saved.
      </ConfirmDialog>
      {entries && (
        <EntriesDrawer
          name={entries.setting_name}
          title={label(entries.setting_name)}
          onClose={() => setEntries(undefined)}
        />
      )}
    </>
  );
}

/** A record with one entry more, or less. */
function put<Value>(
  record: Readonly<Record<string, Value>>,
  name: string,
  value: Value | undefined,
): Record<string, Value> {
  const others = Object.entries(record).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}
