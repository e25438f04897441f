import { useInfiniteQuery } from '@tanstack/react-query';
import { type Document, listDocuments } from '../service/documents.ts';

/** While something is on its way its state is asked for at this pace, else not at all. */
const POLL_MS = 1000;

export function useDocuments(collection: string | null) {
  const query = useInfiniteQuery({
    queryKey: ['documents', collection],
    enabled: collection !== null,
    queryFn: ({ pageParam }) => listDocuments(collection ?? '', pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.documents.some(isWorking)) === true ? POLL_MS : false,
  });
  const documents = query.data?.pages.flatMap((page) => page.documents) ?? [];
  return { ...query, documents };
}

export const isWorking = (document: Document): boolean => document.state.kind === 'working';
