CREATE TABLE calls (
	day TEXT NOT NULL,
	provider TEXT NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (day, provider)
);

CREATE TABLE pages (
	url TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	text TEXT NOT NULL
);
