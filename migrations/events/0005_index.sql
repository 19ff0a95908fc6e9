-- events.db, layout 5: new entries of the dictionaries are put into their index many at a time.

-- Numbers below are in `dictionary_hash`.
ALTER TABLE dictionary_next ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
UPDATE dictionary_next SET indexed = next;
