/** Whether `mark` (one character a byte) stands at the start, or within the first `reach` bytes. */
export function startsWith(bytes: Uint8Array, mark: string, reach = 0): boolean {
  const last = Math.min(reach, bytes.length - mark.length);
  for (let at = 0; at <= last; at += 1) if (standsAt(bytes, at, mark)) return true;
  return false;
}

export function standsAt(bytes: Uint8Array, at: number, mark: string): boolean {
  if (at + mark.length > bytes.length) return false;
  for (let index = 0; index < mark.length; index += 1) {
    if (bytes[at + index] !== mark.charCodeAt(index)) return false;
  }
  return true;
}
