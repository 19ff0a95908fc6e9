// The settings as a form: what a reader types, what that reads as, and what of it differs from what is in force.
// The server decides; what is checked here only says so sooner.

/** A setting as the API tells it. */
export interface SettingSpec {
  setting_name: string;
  setting_value?: unknown;
  type: string;
  default?: unknown;
  min?: number | null;
  max?: number | null;
  secret: boolean;
  section: string;
  help: string;
  source: string;
  options?: readonly string[];
  count?: number;
  set?: boolean;
}

/** What is typed, by setting: a boolean of a switch, the entries of a list of words, else text. */
export type Draft = boolean | string | readonly string[];
export type Drafts = Readonly<Record<string, Draft>>;

/** Titles of the sections that are not what their name says with a capital; in the order in which they are shown. */
const SECTIONS: Readonly<Record<string, string>> = {
  privacy: 'Privacy',
  access: 'Signing in',
  https: 'HTTPS',
  database: 'Retention and archives',
  jobs: 'Schedules',
  waf: 'Rules',
  statistics: 'Statistics',
  proxy: 'Proxy',
  network: 'Network',
  services: 'Services',
  api: 'API limits and access',
  notifications: 'Notifications',
  email: 'E-mail',
};

export interface Section<T extends SettingSpec = SettingSpec> {
  name: string;
  title: string;
  settings: T[];
}

/** Settings by section: those known here in the order above, others behind them. */
export function sections<T extends SettingSpec>(settings: readonly T[]): Section<T>[] {
  const bySection = new Map<string, T[]>();
  for (const setting of settings)
    bySection.set(setting.section, [...(bySection.get(setting.section) ?? []), setting]);
  const rank = (name: string) => {
    const at = Object.keys(SECTIONS).indexOf(name);
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  };
  return [...bySection]
    .map(([name, members]) => ({ name, title: SECTIONS[name] ?? capital(name), settings: members }))
    .sort((one, other) => rank(one.name) - rank(other.name));
}

/** A name as a label: `log_retention_days` is "Log retention days". */
export function label(name: string): string {
  const words: Readonly<Record<string, string>> = {
    api: 'API',
    gdpr: 'GDPR',
    https: 'HTTPS',
    smtp: 'SMTP',
    tls: 'TLS',
    url: 'URL',
    waf: 'WAF',
    ip: 'IP',
  };
  const text = name
    .split('_')
    .map((word) => words[word] ?? word)
    .join(' ');
  return capital(text);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Whether a list is chosen from words rather than written. */
export function isChoiceList(spec: SettingSpec): boolean {
  return spec.type === 'list' && (spec.options?.length ?? 0) > 0;
}

/** Whether not all of a list is shown: what was typed would replace what is not seen. */
export function isCut(spec: SettingSpec): boolean {
  return spec.type === 'list' && (spec.count ?? 0) > texts(spec.setting_value).length;
}

/** A setting's value in the form it is typed in. */
export function draftOf(spec: SettingSpec): Draft {
  if (spec.type === 'bool') return spec.setting_value === true;
  if (isChoiceList(spec)) return texts(spec.setting_value);
  if (spec.type === 'list') return texts(spec.setting_value).join('\n');
  return spec.setting_value === null || spec.setting_value === undefined ? '' : String(spec.setting_value);
}

/** What is typed, as the API takes it, or what is wrong with it. */
export function read(spec: SettingSpec, draft: Draft): { value: unknown } | { fault: string } {
  if (typeof draft === 'boolean') return { value: draft };
  if (typeof draft !== 'string') return { value: [...draft] };
  if (spec.type === 'list')
    return {
      value: draft
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    };
  if (spec.type !== 'int') return { value: spec.secret ? draft : draft.trim() };
  const text = draft.trim();
  const { min, max } = spec;
  const value = Number(text);
  const within = (min ?? -Infinity) <= value && value <= (max ?? Infinity);
  if (/^-?\d+$/.test(text) && within) return { value };
  return { fault: `takes a whole number${bounds(spec) === '' ? '' : ` from ${bounds(spec)}`}` };
}

/** `1 to 3650`, or nothing where there are no bounds. */
export function bounds({ min, max }: SettingSpec): string {
  if (typeof min !== 'number' || typeof max !== 'number') return '';
  return `${min} to ${max}`;
}

/** Whether what is typed is other than what is in force. */
export function isChanged(spec: SettingSpec, draft: Draft | undefined): boolean {
  if (draft === undefined) return false;
  if (spec.secret) return draft !== '';
  const typed = read(spec, draft);
  const now = read(spec, draftOf(spec));
  if ('fault' in typed || 'fault' in now) return draft !== draftOf(spec);
  if (isChoiceList(spec)) return sorted(typed.value) !== sorted(now.value);
  return JSON.stringify(typed.value) !== JSON.stringify(now.value);
}

const sorted = (value: unknown): string => JSON.stringify(texts(value).sort());

/** Whether the value in force is not the default. A secret's default is nothing. */
export function differsFromDefault(spec: SettingSpec): boolean {
  if (spec.secret) return spec.set === true;
  if (isCut(spec)) return true;
  if (spec.type === 'list') return sorted(spec.setting_value) !== sorted(spec.default);
  return JSON.stringify(spec.setting_value) !== JSON.stringify(spec.default);
}

/** What has to be sent, and what of it is wrong already. */
export function changes(
  settings: readonly SettingSpec[],
  drafts: Drafts,
): { body: Record<string, unknown>; faults: Record<string, string[]> } {
  const body: Record<string, unknown> = {};
  const faults: Record<string, string[]> = {};
  for (const spec of settings) {
    const draft = drafts[spec.setting_name];
    if (draft === undefined || !isChanged(spec, draft)) continue;
    const typed = read(spec, draft);
    if ('fault' in typed) faults[spec.setting_name] = [typed.fault];
    else body[spec.setting_name] = typed.value;
  }
  return { body, faults };
}

/** A value as text: `on`, `30`, `never`, `3 entries`. */
export function shown(spec: SettingSpec, value: unknown): string {
  if (spec.secret) return spec.set === true ? 'set' : 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return value.length <= 3 ? value.join(', ') : `${value.length} entries`;
  }
  if (value === '') return spec.type === 'schedule' ? 'never' : 'empty';
  return value === null || value === undefined ? 'hidden' : String(value);
}

/** Whether a setting has a text in its name, label, meaning or section. */
export function matches(spec: SettingSpec, search: string): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const text =
    `${spec.setting_name} ${label(spec.setting_name)} ${spec.help} ${SECTIONS[spec.section] ?? spec.section}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
