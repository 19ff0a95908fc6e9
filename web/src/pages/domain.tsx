import { Page } from '@/ui/page';

export function Domain() {
  return <Page title="Domain">{null}</Page>;
}
