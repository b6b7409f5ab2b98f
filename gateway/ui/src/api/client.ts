import { refuseToken, token } from './token'

export interface FieldError {
  readonly field: string
  readonly code: string
  readonly message: string
}

/** What the API answers where it cannot do what it was asked (RFC 9457), and what stands for it where nobody answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly type = '',
    readonly errors: readonly FieldError[] = [],
    readonly callId: string | null = null,
    readonly headers: Headers = new Headers(),
  ) {
    super(detail || title)
  }

  get kind(): string {
    return this.type.split(':').at(-1) ?? ''
  }
}

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** The document lies at `<prefix>/console/`, the API at `<prefix>/`: whatever the prefix is, one step up. */
export function apiAddress(path: string): string {
  return new URL(`../${path.replace(/^\//, '')}`, document.baseURI).href
}

export async function read<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return (await send<Body>('GET', path, undefined, { signal })).body
}

export async function send<Body>(
  method: string,
  path: string,
  body?: unknown,
  more: { readonly signal?: AbortSignal | undefined; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer<Body>> {
  const held = token()
  const response = await reached(apiAddress(path), {
    method,
    headers: { ...headersFor(body, held), ...more.headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(more.signal ? { signal: more.signal } : {}),
    credentials: 'same-origin',
    redirect: 'error',
  })
  const document: unknown = await response.json().catch(() => null)
  if (response.status === 401) refuseToken(held)
  if (!response.ok) throw problemOf(response, document)
  return { status: response.status, headers: response.headers, body: document as Body }
}

function headersFor(body: unknown, held: string | null): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(held ? { Authorization: `Bearer ${held}` } : {}),
  }
}

async function reached(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, 'The gateway does not answer', 'Is it running, and can this browser reach it?')
  }
}

function problemOf(response: Response, document: unknown): Problem {
  const told = (document ?? {}) as Record<string, unknown>
  return new Problem(
    response.status,
    typeof told.title === 'string' ? told.title : `The gateway answered ${response.status}`,
    typeof told.detail === 'string' ? told.detail : '',
    typeof told.type === 'string' ? told.type : '',
    Array.isArray(told.errors) ? (told.errors as FieldError[]) : [],
    typeof told.call_id === 'string' ? told.call_id : null,
    response.headers,
  )
}
