-- Adds whether pages without text are read from their pictures: of a store for the files that come into it (null: as the
-- deployment has it), and of a document, as it was decided when it was attached.
-- Back: ALTER TABLE documents DROP COLUMN ocr; ALTER TABLE vector_stores DROP COLUMN ocr.
ALTER TABLE vector_stores ADD COLUMN ocr INTEGER;
ALTER TABLE documents ADD COLUMN ocr INTEGER NOT NULL DEFAULT 0;
