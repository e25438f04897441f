// Runs before the first paint, so that a chosen theme never flashes the other one. A file of its own, because the
// page's policy (_headers) forbids inline scripts. `shell/theme.ts` writes what is read here.
try {
  const theme = localStorage.getItem('selvedge.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to the page; the system's theme then stands.
}

// The policy forbids code from text too, and zod would try for each schema whether it may make some: the browser would
// report every try. Its setting has to be there before the first schema is made.
globalThis.__zod_globalConfig = { jitless: true };
