CREATE TABLE items (
	url TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	seen_at TEXT NOT NULL
);

CREATE INDEX items_by_seen_at ON items (seen_at);
