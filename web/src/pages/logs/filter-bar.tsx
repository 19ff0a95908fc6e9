// The filters in force as chips, a box to search with, and one to add any other filter by name.

import { useRef, useState, type FormEvent } from 'react';
import { useSetView, useView } from '@/lib/hooks';
import {
  activeFilters,
  FILTERS,
  flipped,
  typedFilter,
  withFilter,
  withoutFilter,
  withoutFilters,
  type ActiveFilter,
} from '@/lib/filters';
import { many, one, type Search } from '@/lib/search';
import { outcomeLabel, tagLabel } from '@/lib/words';
import { Chip } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Checkbox, Input, Select } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { Icon } from '@/ui/icons';
import { Popover } from '@/ui/popup';

/** What many look for, one click away. */
const QUICK = ['blocked', 'flagged', 'dga', 'ip_literal'];

export function FilterBar() {
  const view = useView();
  const setView = useSetView();
  const active = activeFilters(view);
  const apply = (next: Search) => setView({ ...withoutFilters(view), ...next, row: undefined });
  const shown = active.filter(
    ({ name, value, negated }) => !(name === 'tag' && !negated && QUICK.includes(value)),
  );
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox key={one(view, 'keyword') ?? ''} view={view} apply={apply} />
        <AddFilter view={view} apply={apply} />
      </div>
      <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label="Filters">
        {QUICK.map((tag) => {
          const on = many(view, 'tag').includes(tag);
          return (
            <Chip
              key={tag}
              active={on}
              onClick={() =>
                apply(
                  on
                    ? withoutFilter(view, { name: 'tag', label: '', value: tag, negated: false })
                    : withFilter(view, 'tag', tag),
                )
              }
            >
              {tagLabel(tag)}
            </Chip>
          );
        })}
        {shown.map((filter) => (
          <FilterChip
            key={`${filter.name} ${filter.negated} ${filter.value}`}
            filter={filter}
            view={view}
            apply={apply}
          />
        ))}
        {active.length > 0 && (
          <Button look="quiet" size="small" onClick={() => apply(withoutFilters(view))}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

function FilterChip({
  filter,
  view,
  apply,
}: {
  filter: ActiveFilter;
  view: Search;
  apply: (next: Search) => void;
}) {
  const { name, label, value, negated } = filter;
  const word = name === 'outcome' ? outcomeLabel(value) : name === 'tag' ? tagLabel(value) : value;
  const turns = FILTERS.find((field) => field.name === name)?.kind === 'many';
  return (
    <Chip
      active
      {...(turns
        ? {
            onClick: () => apply(flipped(view, filter)),
            clickLabel: negated ? 'Show only these' : 'Show all but these',
          }
        : {})}
      onRemove={() => apply(withoutFilter(view, filter))}
      removeLabel={`Remove the filter ${label}`}
    >
      <span className="text-muted">
        {label}
        {negated ? ' is not ' : ' '}
      </span>
      <HostileText text={word} max={60} />
    </Chip>
  );
}

function SearchBox({ view, apply }: { view: Search; apply: (next: Search) => void }) {
  const [text, setText] = useState(one(view, 'keyword') ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = typedFilter(text);
    if (!typed) apply({ ...view, keyword: undefined });
    else if (typed.name === 'keyword') apply({ ...view, keyword: typed.value });
    else {
      apply(withFilter(view, typed.name, typed.value));
      setText('');
    }
  };
  return (
    <form role="search" onSubmit={submit} className="relative min-w-40 flex-1 sm:max-w-xl">
      <Icon name="search" className="pointer-events-none absolute top-2 left-2.5 text-muted" />
      <input
        type="search"
        id="log-search"
        aria-label="Search the log"
        aria-description={
          'Words or "a phrase" of URL, agent, referer or user; or a filter, such as client: 10.0.0.5'
        }
        placeholder={'Words, "a phrase", or client: 10.0.0.5'}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '' && one(view, 'keyword')) apply({ ...view, keyword: undefined });
        }}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-2 pl-8 placeholder:text-muted"
      />
    </form>
  );
}

function AddFilter({ view, apply }: { view: Search; apply: (next: Search) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('client_ip');
  const [value, setValue] = useState('');
  const [negated, setNegated] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const field = FILTERS.find((known) => known.name === name) ?? FILTERS[0];
  if (!field) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const word = (value || field.options?.[0] || '').trim();
    if (!word) {
      first.current?.focus();
      return;
    }
    apply(withFilter(view, name, negated && field.kind === 'many' ? `!${word}` : word));
    setOpen(false);
    setValue('');
    setNegated(false);
  };
  return (
    <Popover
      label="Add a filter"
      open={open}
      onOpenChange={setOpen}
      className="w-72"
      trigger={<Button icon="filter">Add filter</Button>}
    >
      <form onSubmit={submit} className="space-y-3">
        <Select
          label="Field"
          value={name}
          options={FILTERS.map((known) => ({ value: known.name, label: known.label }))}
          onChange={(event) => {
            setName(event.target.value);
            setValue('');
          }}
        />
        {field.options ? (
          <Select
            label="Value"
            value={value}
            options={field.options.map((option) => ({
              value: option,
              label: name === 'outcome' ? outcomeLabel(option) : option,
            }))}
            onChange={(event) => setValue(event.target.value)}
          />
        ) : (
          <Input
            ref={first}
            label="Value"
            value={value}
            hint={field.hint}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        {field.kind === 'many' && (
          <Checkbox
            label="All but these"
            checked={negated}
            onChange={(event) => setNegated(event.target.checked)}
          />
        )}
        <Button type="submit" look="primary" className="w-full">
          Add
        </Button>
      </form>
    </Popover>
  );
}
