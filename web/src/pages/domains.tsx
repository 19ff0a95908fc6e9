import { Page } from '@/ui/page';

export function Domains() {
  return <Page title="Domains">{null}</Page>;
}
