// Jobs, their history, archives, and what retention removes.

import { useMay } from '@/api/me';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { Page } from '@/ui/page';
import { Tabs } from '@/ui/tabs';
import { Archives } from './jobs/archives';
import { JobHistory } from './jobs/history';
import { JobList } from './jobs/job-list';
import { Retention } from './jobs/retention';
import { NeedsScope } from './needs-scope';

export function Jobs() {
  const view = useView();
  const setView = useSetView();
  const administers = useMay('admin');
  const tabs = [
    {
      value: 'jobs',
      label: 'Jobs',
      content: (
        <NeedsScope scope="admin" what="Jobs are">
          <JobList />
        </NeedsScope>
      ),
    },
    {
      value: 'history',
      label: 'History',
      content: (
        <NeedsScope scope="admin" what="The history of jobs is">
          <JobHistory />
        </NeedsScope>
      ),
    },
    {
      value: 'archives',
      label: 'Archives',
      content: (
        <NeedsScope scope="logs:export" what="Archives are">
          <Archives />
        </NeedsScope>
      ),
    },
    {
      value: 'retention',
      label: 'Retention',
      content: (
        <NeedsScope scope="admin" what="What retention removes is">
          <Retention />
        </NeedsScope>
      ),
    },
  ];
  const wanted = one(view, 'tab');
  const value = tabs.find((tab) => tab.value === wanted)?.value ?? (administers ? 'jobs' : 'archives');
  return (
    <Page title="Jobs and archives">
      <Tabs
        label="Parts of this page"
        tabs={tabs}
        value={value}
        onChange={(tab) => setView({ tab, job: undefined, offset: undefined })}
      />
    </Page>
  );
}
