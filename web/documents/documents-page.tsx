import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { Button, IconButton } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { count, onDay, plural } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { Bones, Empty, ErrorNote } from '../design/states.tsx';
import { type Document, remove, retry } from '../service/documents.ts';
import { useCollection } from '../shell/collection.ts';
import { dismiss, type Upload, useUploads } from '../shell/uploads.ts';
import { progressOf, StageBar, wordOf } from './stages.tsx';
import { useDocuments } from './use-documents.ts';

/** What is in, what is not, and why not. */
export default function DocumentsPage({ addDocuments }: { readonly addDocuments: () => void }) {
  const { current, pending, error: noCollections } = useCollection();
  const collection = current?.id ?? null;
  const { documents, isPending, error, refetch, hasNextPage, fetchNextPage } = useDocuments(collection);
  const uploads = useUploads(collection);
  const [doomed, setDoomed] = useState<Document | null>(null);
  const loading = pending || (collection !== null && isPending);
  const failure = noCollections ?? error;
  const failed = documents.filter(({ state }) => state.kind === 'failed').length;
  const nothing = !loading && failure === null && documents.length === 0 && uploads.length === 0;
  return (
    <Page
      title="Documents"
      actions={
        nothing ? null : (
          <Button weight="primary" onClick={addDocuments}>
            Add documents
          </Button>
        )
      }
    >
      <p className="-mt-4 mb-6 text-body text-ink-soft">
        {current === null ? 'No collection yet.' : current.name}
        {failed === 0 ? null : `, ${plural(failed, 'document')} could not be read`}
      </p>
      {failure === null ? null : <ErrorNote error={failure} onRetry={() => refetch()} />}
      {loading ? <Bones rows={8} label="Loading the documents" /> : null}
      {nothing ? (
        <div className="rounded-box border border-dashed border-line-strong">
          <Empty
            title="Drop files here"
            action={
              <Button weight="primary" onClick={addDocuments}>
                Choose files
              </Button>
            }
          >
            Markdown, text, HTML, PDF, Word, CSV and JSON, each below 100 MiB. Every document is read, cut
            into passages and indexed; then questions can be asked of it.
          </Empty>
        </div>
      ) : null}
      {documents.length + uploads.length === 0 ? null : (
        <ul aria-label="Documents" className="border-t border-line">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              collection={collection ?? ''}
              document={document}
              onDelete={() => setDoomed(document)}
            />
          ))}
        </ul>
      )}
      {hasNextPage ? (
        <Button className="mt-4" onClick={() => fetchNextPage()}>
          Show more
        </Button>
      ) : null}
      {doomed === null ? null : (
        <DeleteDialog collection={collection ?? ''} document={doomed} onClose={() => setDoomed(null)} />
      )}
    </Page>
  );
}

/** Rows out of sight are not laid out, which keeps ten thousand of them cheap. */
const row =
  'group border-b border-line [content-visibility:auto] [contain-intrinsic-size:auto_36px] hover:bg-sunk focus-within:bg-sunk';

function DocumentRow({
  collection,
  document,
  onDelete,
}: {
  readonly collection: string;
  readonly document: Document;
  readonly onDelete: () => void;
}) {
  const { state, name, id, addedAt } = document;
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => retry(collection, id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['documents', collection] }),
  });
  return (
    <li className={row}>
      <div className="flex h-9 items-center gap-4 pl-2 max-desk:h-12">
        <Link
          href={`/documents/${collection}/${id}`}
          className="min-w-0 flex-1 truncate rounded-small font-medium hover:underline"
        >
          {name}
        </Link>
        {state.kind === 'working' ? (
          <span className="w-32 max-desk:w-16">
            <StageBar name={name} progress={progressOf(state)} />
          </span>
        ) : null}
        <span className="numbers w-24 text-right text-ink-faint max-desk:hidden">
          {state.kind === 'ready' && state.passages !== null ? plural(state.passages, 'passage') : ''}
        </span>
        <span className="numbers w-24 text-right text-ink-faint max-desk:hidden">{onDay(addedAt)}</span>
        <span
          className={`numbers w-32 max-desk:w-auto ${state.kind === 'failed' ? 'text-bad' : state.kind === 'ready' ? 'text-ok' : 'text-ink-soft'}`}
        >
          {wordOf(state)}
        </span>
        <IconButton label={`Delete ${name}`} onClick={onDelete}>
          <Trash2 size={14} />
        </IconButton>
      </div>
      {(state.kind === 'working' || state.kind === 'ready') && state.note !== null ? (
        <p className="pb-2 pl-2 text-warn">{state.note}</p>
      ) : null}
      {state.kind === 'failed' ? (
        <div className="flex flex-wrap items-center gap-3 pb-2 pl-2">
          <p className="min-w-0 flex-1 text-ink-soft">{state.reason}</p>
          <Button disabled={again.isPending} onClick={() => again.mutate()}>
            <RotateCcw size={14} aria-hidden="true" />
            Read it again
          </Button>
        </div>
      ) : null}
      {again.error === null ? null : <ErrorNote error={again.error} />}
    </li>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const percent = `${Math.round(upload.share * 100)} %`;
  return (
    <li className={row}>
      <div className="flex h-9 items-center gap-4 pl-2 max-desk:h-12">
        <span className="min-w-0 flex-1 truncate font-medium">{upload.name}</span>
        {upload.failure === null ? (
          <span className="w-32 max-desk:w-16">
            <StageBar name={upload.name} progress={{ stage: 0, share: upload.share, counts: percent }} />
          </span>
        ) : null}
        <span
          className={`numbers w-40 max-desk:w-auto ${upload.failure === null ? 'text-ink-soft' : 'text-bad'}`}
        >
          {upload.failure === null ? `uploading ${percent}` : 'failed'}
        </span>
      </div>
      {upload.failure === null ? null : (
        <div className="flex flex-wrap items-center gap-3 pb-2 pl-2">
          <p className="min-w-0 flex-1 text-ink-soft">{upload.failure}</p>
          <Button onClick={() => dismiss(upload.id)}>Dismiss</Button>
        </div>
      )}
    </li>
  );
}

function DeleteDialog({
  collection,
  document,
  onClose,
}: {
  readonly collection: string;
  readonly document: Document;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const deletion = useMutation({
    mutationFn: () => remove(collection, document.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['documents', collection] });
      await queries.invalidateQueries({ queryKey: ['collections'] });
      onClose();
    },
  });
  const { state } = document;
  const passages =
    state.kind === 'ready' && state.passages !== null ? ` and its ${count(state.passages)} passages` : '';
  return (
    <Dialog open onClose={onClose} title={`Delete ${document.name}?`}>
      <p className="mt-2 text-body text-ink-soft">
        The file{passages} will be deleted for good. Answers can no longer cite it, and earlier citations of
        it no longer open.
      </p>
      {deletion.error === null ? null : (
        <div className="mt-4">
          <ErrorNote error={deletion.error} />
        </div>
      )}
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button weight="primary" disabled={deletion.isPending} onClick={() => deletion.mutate()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
