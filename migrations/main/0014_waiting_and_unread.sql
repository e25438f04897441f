-- Why a document waits and what of it could not be read are two things, and either may be there without the other;
-- `trouble` held whichever came last. Nothing reads `trouble` and `trouble_since` any more. They stay for the old Worker,
-- which goes on until the new one is up, and may be dropped by a later migration.
-- Back: ALTER TABLE documents DROP COLUMN unread; ALTER TABLE documents DROP COLUMN waiting_since;
--   ALTER TABLE documents DROP COLUMN waiting_for;
ALTER TABLE documents ADD COLUMN waiting_for TEXT;
ALTER TABLE documents ADD COLUMN waiting_since INTEGER;
ALTER TABLE documents ADD COLUMN unread TEXT;

UPDATE documents SET unread = trouble WHERE trouble LIKE 'Not read: %';
UPDATE documents SET waiting_for = trouble, waiting_since = trouble_since
WHERE trouble IS NOT NULL AND trouble NOT LIKE 'Not read: %';
