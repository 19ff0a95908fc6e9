import { Page } from '@/ui/page';

export function About() {
  return <Page title="About">{null}</Page>;
}
