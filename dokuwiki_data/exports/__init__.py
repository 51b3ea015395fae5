"""A wiki as files elsewhere: places of pages and media, the folder that is written, redirects from old addresses."""
