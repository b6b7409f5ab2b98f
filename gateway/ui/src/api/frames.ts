export interface Frame {
  readonly id: string
  readonly event: string
}

/** Cuts a text that comes in pieces into server-sent events; what has not ended yet is kept for the next piece. */
export function framesIn(text: string): { frames: readonly Frame[]; rest: string } {
  const blocks = text.split('\n\n')
  const rest = blocks.pop() ?? ''
  const frames = blocks.map((block) => ({ id: valueOf(block, 'id'), event: valueOf(block, 'event') }))
  return { frames: frames.filter((frame) => frame.event), rest }
}

function valueOf(block: string, name: string): string {
  const line = block.split('\n').find((each) => each.startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim() ?? ''
}
