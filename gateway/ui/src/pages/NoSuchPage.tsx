import { Notice } from '../parts/Notice'
import { PageHead } from '../parts/PageHead'
import { address } from '../route/place'

export default function NoSuchPage() {
  return (
    <>
      <PageHead title="There is nothing here" />
      <div className="sheet">
        <Notice title="No page has this address" icon="question">
          The menu leads to every page; <a href={address([])}>begin at the overview</a>.
        </Notice>
      </div>
    </>
  )
}
