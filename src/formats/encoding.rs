//! Character encodings: which one a document is in, and its text as UTF-8.
