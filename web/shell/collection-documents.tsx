import { Link, useLocation } from 'wouter';
import { Button } from '../design/button.tsx';
import { Bones, ErrorNote } from '../design/states.tsx';
import { progressOf, StageBar, wordOf } from '../documents/stages.tsx';
import { useDocuments } from '../documents/use-documents.ts';
import type { Document } from '../service/documents.ts';
import { dismiss, type Upload, useUploads } from './uploads.ts';

/** The collection's documents as a narrow list: beside the questions, where one looks whether a file is in yet. */
export function CollectionDocuments({ collection }: { readonly collection: string | null }) {
  const { documents, isPending, error, refetch, hasNextPage, fetchNextPage } = useDocuments(collection);
  const uploads = useUploads(collection);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <ul aria-label="Documents of this collection" className="min-h-0 flex-1 overflow-y-auto px-2">
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} />
        ))}
        {documents.map((document) => (
          <DocumentLine key={document.id} collection={collection ?? ''} document={document} />
        ))}
        {hasNextPage ? (
          <li>
            <Button weight="quiet" className="w-full" onClick={() => fetchNextPage()}>
              Show more
            </Button>
          </li>
        ) : null}
      </ul>
      {collection !== null && isPending ? <Bones rows={5} label="Loading the documents" /> : null}
      {error === null ? null : (
        <div className="p-2">
          <ErrorNote error={error} onRetry={() => refetch()} />
        </div>
      )}
    </div>
  );
}

function DocumentLine({
  collection,
  document,
}: {
  readonly collection: string;
  readonly document: Document;
}) {
  const { state, name, id } = document;
  const failed = state.kind === 'failed';
  const address = `/documents/${collection}/${id}`;
  const [path] = useLocation();
  return (
    <li>
      <Link
        href={address}
        aria-current={path === address ? 'page' : undefined}
        title={failed ? `${name}: ${state.reason}` : name}
        className="block rounded-small px-2 hover:bg-held aria-[current]:bg-held"
      >
        <span className="flex h-8 items-center gap-3 max-desk:h-10">
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className={`numbers text-small ${failed ? 'text-bad' : 'text-ink-faint'}`}>
            {wordOf(state)}
          </span>
        </span>
        {state.kind === 'working' ? (
          <span className="block pb-2">
            <StageBar name={name} progress={progressOf(state)} />
          </span>
        ) : null}
      </Link>
    </li>
  );
}

function UploadLine({ upload }: { readonly upload: Upload }) {
  const percent = `${Math.round(upload.share * 100)} %`;
  return (
    <li className="px-2" title={upload.failure ?? upload.name}>
      <span className="flex h-8 items-center gap-3">
        <span className="min-w-0 flex-1 truncate">{upload.name}</span>
        <span className={`numbers text-small ${upload.failure === null ? 'text-ink-faint' : 'text-bad'}`}>
          {upload.failure === null ? `uploading ${percent}` : 'failed'}
        </span>
      </span>
      {upload.failure === null ? (
        <span className="block pb-2">
          <StageBar name={upload.name} progress={{ stage: 0, share: upload.share, counts: percent }} />
        </span>
      ) : (
        <span className="block pb-2 text-small text-ink-soft">
          {upload.failure}{' '}
          <button type="button" className="underline" onClick={() => dismiss(upload.id)}>
            Dismiss
          </button>
        </span>
      )}
    </li>
  );
}
