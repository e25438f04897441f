-- Adds which stretches of a passage were read from pictures (OCR), so that a citation of them says so: a JSON array of
-- `{ "start": offset into the text, "end": exclusive, "confidence": 0…1 or null }`. Null where nothing was.
-- Back: ALTER TABLE passages DROP COLUMN recognized.
ALTER TABLE passages ADD COLUMN recognized TEXT;
