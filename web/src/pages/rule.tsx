import { Page } from '@/ui/page';

export function Rule() {
  return <Page title="Rule">{null}</Page>;
}
