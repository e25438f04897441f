import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { Link, useSearch } from 'wouter';
import { onDay, plural } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { ErrorNote } from '../design/states.tsx';
import { readDocument } from '../service/documents.ts';
import { DocumentText, type Range } from './document-text.tsx';
import { wordOf } from './stages.tsx';

/** One document as it was read; with `?start=…&end=…` open at the passage. */
export default function DocumentPage({
  collection,
  file,
}: {
  readonly collection: string;
  readonly file: string;
}) {
  const range = rangeIn(useSearch());
  const { data, error, refetch } = useQuery({
    queryKey: ['document', collection, file],
    queryFn: () => readDocument(collection, file),
  });
  return (
    <Page width="max-w-[696px]" title={data?.name ?? 'Document'}>
      <div className="-mt-4 mb-8 flex flex-wrap items-center gap-x-4 text-ink-soft">
        <Link
          href={`/documents?store=${collection}`}
          className="inline-flex h-8 items-center gap-1 rounded-small text-indigo hover:underline"
        >
          <ArrowLeft size={14} aria-hidden="true" />
          All documents
        </Link>
        {data === undefined ? null : (
          <>
            <span>{wordOf(data.state)}</span>
            {data.state.kind === 'ready' && data.state.passages !== null ? (
              <span className="numbers">{plural(data.state.passages, 'passage')}</span>
            ) : null}
            <span className="numbers">added {onDay(data.addedAt)}</span>
          </>
        )}
      </div>
      {error !== null ? (
        <ErrorNote error={error} onRetry={() => refetch()} />
      ) : data?.state.kind === 'failed' ? (
        <ErrorNote error={new Error(data.state.reason)} />
      ) : data?.state.kind === 'working' ? (
        <p className="text-body text-ink-soft">This document is still being read. Its text will be here.</p>
      ) : (
        <div className="pl-4">
          <DocumentText collection={collection} file={file} range={range} />
        </div>
      )}
    </Page>
  );
}

function rangeIn(search: string): Range | null {
  const query = new URLSearchParams(search);
  const start = Number(query.get('start') ?? Number.NaN);
  const end = Number(query.get('end') ?? Number.NaN);
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start < end ? { start, end } : null;
}
