import { Page } from '@/ui/page';

export function Sources() {
  return <Page title="Sources">{null}</Page>;
}
