import { PageHead } from '../../parts/PageHead'
import { RecentCalls } from './RecentCalls'

export default function OverviewPage() {
  return (
    <>
      <PageHead title="Overview" />
      <RecentCalls />
    </>
  )
}
