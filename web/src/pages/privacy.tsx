// Personal data: how it is hidden, undoing a pseudonym, and the rights of the people in the log.

import { useMe } from '@/api/me';
import { Page } from '@/ui/page';
import { Loading } from '@/ui/panel';
import { NeedsScope } from './needs-scope';
import { ErasePanel } from './privacy/erase';
import { ExportPanel } from './privacy/export';
import { MaskingState } from './privacy/masking-state';
import { RevealForm } from './privacy/reveal-form';
import { RevealList } from './privacy/reveal-list';

export function Privacy() {
  const me = useMe();
  return (
    <Page title="Privacy" note="Who may see whom, and on what grounds">
      {me === undefined ? (
        <Loading height={240} />
      ) : (
        <div className="space-y-4">
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <MaskingState me={me} />
            <RevealForm />
          </div>
          <RevealList me={me} />
          <NeedsScope scope="admin" what="Erasing and handing out the data of a person is">
            <div className="grid items-start gap-4 lg:grid-cols-2">
              <ErasePanel />
              <ExportPanel />
            </div>
          </NeedsScope>
        </div>
      )}
    </Page>
  );
}
