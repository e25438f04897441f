import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { type Collection, listCollections } from '../service/collections.ts';

const STORED_COLLECTION = 'selvedge.collection';
const known = { queryKey: ['collections'], queryFn: listCollections };

/**
 * The collection at hand: the one that the URL names (`?store=`, `/documents/{store}/…`), else the last one
 * used in this browser, else the newest.
 */
export function useCollection(): {
  readonly collections: readonly Collection[];
  readonly current: Collection | null;
  readonly pending: boolean;
  readonly error: unknown;
  readonly choose: (id: string) => void;
  /** Waits until the collections are known, for a question or a file that is faster than they are. */
  readonly settled: () => Promise<Collection | null>;
} {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const queries = useQueryClient();
  const { data, isPending, error } = useQuery(known);
  const collections = data ?? [];
  const named =
    /^\/documents\/([^/]+)\//.exec(path)?.[1] ??
    new URLSearchParams(search).get('store') ??
    localStorage.getItem(STORED_COLLECTION);
  const among = (all: readonly Collection[]) => all.find(({ id }) => id === named) ?? all[0] ?? null;
  const current = among(collections);
  const choose = (id: string) => {
    localStorage.setItem(STORED_COLLECTION, id);
    navigate(`${path === '/documents' || path.startsWith('/documents/') ? '/documents' : '/'}?store=${id}`);
  };
  const settled = async () => among(await queries.ensureQueryData(known));
  return { collections, current, pending: isPending, error, choose, settled };
}
