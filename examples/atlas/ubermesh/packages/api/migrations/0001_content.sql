CREATE TABLE content (
	hash TEXT PRIMARY KEY,
	type TEXT NOT NULL,
	title TEXT
);

CREATE INDEX content_by_type ON content (type);
