-- Lists too long to be read whenever settings are: one row each, since a list is always read and replaced as a whole.
-- What is absent has its default.

CREATE TABLE setting_list (
    name TEXT PRIMARY KEY,
    -- XXH3-64 of the entries: says without reading them whether they are known already.
    digest INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    -- In canonical form and order, one a line. Last, so that the columns before it are read without it.
    entries TEXT NOT NULL
) STRICT;
