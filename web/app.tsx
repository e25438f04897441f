import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { AskPage } from './ask/ask-page.tsx';
import { Boundary } from './design/boundary.tsx';
import { Bones, Empty, ErrorNote } from './design/states.tsx';
import { connect, currentConnection, onConnection } from './service/connection.ts';
import { KeyPrompt } from './shell/key-prompt.tsx';
import { Shell } from './shell/shell.tsx';

const DocumentsPage = lazy(() => import('./documents/documents-page.tsx'));
const DocumentPage = lazy(() => import('./documents/document-page.tsx'));
const InboxPage = lazy(() => import('./inbox/inbox-page.tsx'));
const RunsPage = lazy(() => import('./runs/runs-page.tsx'));
const RunPage = lazy(() => import('./runs/run-page.tsx'));
const UsagePage = lazy(() => import('./usage/usage-page.tsx'));
const TracePage = lazy(() => import('./usage/trace-page.tsx'));

/** The pages and their addresses. Ask is the first view; every other page is fetched when it is opened. */
export function App() {
  const connection = useSyncExternalStore(onConnection, currentConnection);
  const [error, setError] = useState<unknown>(null);
  const [path] = useLocation();
  useEffect(() => {
    connect().catch(setError);
  }, []);
  if (error !== null) {
    return (
      <main className="mx-auto max-w-md p-8">
        <h1 className="mb-4 text-title font-semibold">The page cannot reach its service</h1>
        <ErrorNote error={error} onRetry={() => window.location.reload()} />
      </main>
    );
  }
  if (connection.kind === 'opening') return null;
  if (connection.kind === 'key-needed') return <KeyPrompt refused={connection.refused} />;
  return (
    <Shell keyGiven={connection.given}>
      {(addDocuments) => (
        <Boundary place={path}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/">
                <AskPage addDocuments={addDocuments} />
              </Route>
              <Route path="/documents">
                <DocumentsPage addDocuments={addDocuments} />
              </Route>
              <Route path="/documents/:collection/:file">
                {({ collection, file }) => <DocumentPage collection={collection} file={file} />}
              </Route>
              <Route path="/inbox">
                <InboxPage />
              </Route>
              <Route path="/runs">
                <RunsPage />
              </Route>
              <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
              <Route path="/usage">
                <UsagePage />
              </Route>
              <Route path="/traces/:id">{({ id }) => <TracePage key={id} id={id} />}</Route>
              <Route>
                <h1 className="sr-only">Not found</h1>
                <Empty
                  title="Page not found"
                  action={
                    <Link href="/" className="text-indigo underline underline-offset-2">
                      Ask a question
                    </Link>
                  }
                >
                  The address may be mistyped, or what it named has been deleted.
                </Empty>
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      )}
    </Shell>
  );
}

const Loading = () => (
  <div className="mx-auto max-w-4xl p-8">
    <Bones rows={6} label="Loading the page" />
  </div>
);
