// A page that fell over. A new version on the server is the usual cause: its files have other names.

import { messageOf } from '@/api/error';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';

export function PageFailed({ error }: { error: unknown }) {
  const stale = error instanceof Error && /dynamically imported module|module script/i.test(error.message);
  return (
    <Page title={stale ? 'Tidegate was updated' : 'This page failed'}>
      <p role="alert" className="mb-3 max-w-prose text-muted wrap-anywhere">
        {stale ? 'The server has a newer dashboard than this page. Load it to go on.' : messageOf(error)}
      </p>
      <Button look="primary" icon="refresh" onClick={() => location.reload()}>
        Load again
      </Button>
    </Page>
  );
}
