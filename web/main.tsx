import './design/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');

// A deploy replaces the files that this page loads on demand. The new page knows their new names; but one that
// was loaded a moment ago and still misses a file would load itself forever.
const MISSING_AGAIN_MS = 10_000;
window.addEventListener('vite:preloadError', (event) => {
  if (performance.now() < MISSING_AGAIN_MS) return;
  event.preventDefault();
  window.location.reload();
});

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5000, refetchOnWindowFocus: true } },
});

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
