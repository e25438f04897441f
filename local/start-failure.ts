/** LOC-8. What a user can fix ends `npm start` at once with one sentence; a bug shows its stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The sentence for an error of the machine below, or null for an error that a user cannot act on. */
export function describeStateError(error: unknown, state: string): string | null {
  const text = chainOf(error).join(' ');
  if (/ENOSPC|SQLITE_FULL|database or disk is full/.test(text)) {
    return `The disk is full: ${state} cannot be written. Free some space and start again.`;
  }
  if (/EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN|unable to open database/.test(text)) {
    return `${state} cannot be written. Check its permissions, or choose another folder: SELVEDGE_STATE.`;
  }
  if (/SQLITE_NOTADB|SQLITE_CORRUPT|file is not a database|malformed/.test(text)) {
    return `A database in ${state} is damaged. Restore the folder from a copy, or choose another: SELVEDGE_STATE.`;
  }
  const migration = /The migration \S+ failed: .*/.exec(text);
  return migration === null ? null : `${migration[0]} The databases are in ${state}.`;
}

function chainOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const code = 'code' in error ? [String(error.code)] : [];
  return [...code, error.message, ...(error.cause === undefined ? [] : chainOf(error.cause))];
}
