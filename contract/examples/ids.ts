/** Ids and times that the examples of the reference share, so that they tell one story. */
export const ids = {
  key: 'key_6c1f0d2e9b7a4c58a3d1e0f2b4c6d8e0',
  tenant: 'tenant_0f4e8d2c6b1a49578e3d2c1b0a998877',
  trace: '7b1c0e6f3a9d4c52b8e7f60112233445',
  response: 'resp_0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  dataset: 'dataset_5e4d3c2b1a0f49e8b7c6d5e4f3a2b1c0',
  evaluation: 'eval_1f2e3d4c5b6a47988776655443322110',
  store: 'vs_3c2b1a0f9e8d4c7b6a59483726150403',
  file: 'file_9d8c7b6a5f4e43d2c1b0a99887766554',
  run: 'run_00d1c2b3a4958677.5a4b3c2d1e0f4a5b',
  interrupt: 'run_00d1c2b3a4958677.5a4b3c2d1e0f4a5b.1',
  request: 'req_2b3c4d5e6f708192a3b4c5d6e7f80912',
} as const;

export const at = '2026-11-25T09:30:00.000Z';
export const later = '2026-11-25T09:30:04.120Z';

/** One page, and the last. */
export const onePage = <Item>(item: Item) => ({ data: [item], has_more: false, next: null });
