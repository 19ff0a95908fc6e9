// The rules: what there is, what each hit, and what they would say of something.

import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { Page } from '@/ui/page';
import { Tabs } from '@/ui/tabs';
import { Browse } from './rules/browse';
import { Categories } from './rules/categories';
import { Explain } from './rules/explain';
import { TestRule } from './rules/test-rule';

const TABS = [
  { value: 'rules', label: 'Rules', content: <Browse /> },
  { value: 'categories', label: 'Categories', content: <Categories /> },
  { value: 'test', label: 'Test a rule', content: <TestRule /> },
  { value: 'explain', label: 'Explain a URL', content: <Explain /> },
];

export function Rules() {
  const wanted = one(useView(), 'tab');
  const setView = useSetView();
  const open = TABS.some(({ value }) => value === wanted) ? (wanted ?? 'rules') : 'rules';
  return (
    <Page
      title="Rules"
      note="What lines are scored by: SecLang, as ModSecurity and the Core Rule Set speak it."
    >
      <Tabs
        label="Rules"
        tabs={TABS}
        value={open}
        onChange={(tab) => setView({ tab: tab === 'rules' ? undefined : tab })}
      />
    </Page>
  );
}
