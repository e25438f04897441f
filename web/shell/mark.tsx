/** Selvedge's mark: three warp threads on indigo. */
export function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" className="shrink-0 text-indigo-fill">
      <rect width="16" height="16" rx="3" fill="currentColor" />
      <path d="M4.5 3v10M8 3v10M11.5 3v10" stroke="var(--on-indigo)" strokeWidth="1.25" fill="none" />
    </svg>
  );
}
