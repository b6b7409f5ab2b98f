import './mantine'
import './look.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { queryClient } from './api/queryClient'
import { pageAt } from './pages/pages'
import { readPlace } from './route/place'
import { theme } from './theme'

/** The one value that this answer's policy lets style elements carry; the browser hides the attribute, not the property. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

/** The first page is drawn once and whole: a stand-in for it would have to stay for a while, so as not to flicker. */
await pageAt(readPlace(window.location.hash))
  .room.bring()
  .catch(() => undefined)

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
