/** Rounded down, so that only what is whole reads 100 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 1000 + 1e-9) / 10} %`
}
