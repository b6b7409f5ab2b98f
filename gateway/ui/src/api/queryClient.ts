import { QueryClient } from '@tanstack/react-query'
import { Problem } from './client'

/** Refusals are final; only silence and a gateway in trouble are asked once more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < 1 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      retryDelay: 800,
      staleTime: 1000,
      refetchOnWindowFocus: true,
    },
  },
})
