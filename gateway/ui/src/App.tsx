import { Skeleton } from '@mantine/core'
import { Suspense } from 'react'
import { useTokenWanted } from './api/token'
import { pageAt } from './pages/pages'
import { usePlace } from './route/place'
import { Shell } from './shell/Shell'
import { SignIn } from './shell/SignIn'

export function App() {
  const place = usePlace()
  const { Page, key } = pageAt(place)
  const wanted = useTokenWanted()
  if (wanted) return <SignIn why={wanted} />
  return (
    <Shell>
      <Suspense fallback={<Skeleton height={320} radius="md" aria-label="Loading the page" />}>
        <Page key={key} />
      </Suspense>
    </Shell>
  )
}
