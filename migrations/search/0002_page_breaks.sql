-- Adds where pages begin inside a passage, so that a citation names the page of its quote: a JSON array of
-- `{ "at": offset into the text, "page": number }`. Null in passages that were written before: of those that run over
-- several pages only the first and the last are known, until the document is attached again.
-- Back: ALTER TABLE passages DROP COLUMN page_breaks.
ALTER TABLE passages ADD COLUMN page_breaks TEXT;
