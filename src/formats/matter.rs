//! Whether the end of a line means something in a text: by the name of its file, and by its first lines.
//!
//! It must not know how such lines are read.

use std::ffi::OsStr;
use std::path::Path;

/// Extensions of files in which the end of a line means something, in lower case.
const EXTENSIONS: &[&str] = &[
    "ac",
    "am",
    "asm",
    "awk",
    "bash",
    "bat",
    "bib",
    "c",
    "cc",
    "cfg",
    "cjs",
    "clj",
    "cmake",
    "conf",
    "cpp",
    "cs",
    "css",
    "csv",
    "cts",
    "cxx",
    "d",
    "dart",
    "desktop",
    "diff",
    "dpr",
    "ebuild",
    "el",
    "erl",
    "ex",
    "exs",
    "f",
    "f90",
    "f95",
    "fish",
    "fs",
    "gd",
    "gemspec",
    "gleam",
    "go",
    "gradle",
    "graphql",
    "groovy",
    "h",
    "hcl",
    "hh",
    "hpp",
    "hs",
    "hxx",
    "idl",
    "inf",
    "ini",
    "ipp",
    "ipynb",
    "java",
    "jl",
    "js",
    "json",
    "jsonl",
    "jsx",
    "kt",
    "kts",
    "less",
    "lisp",
    "lock",
    "log",
    "lua",
    "m",
    "m4",
    "mjs",
    "mk",
    "ml",
    "mli",
    "mts",
    "nim",
    "nix",
    "nsi",
    "pas",
    "patch",
    "php",
    "pl",
    "plist",
    "pm",
    "properties",
    "proto",
    "ps1",
    "psd1",
    "psm1",
    "pxd",
    "py",
    "pyi",
    "pyx",
    "r",
    "rb",
    "reg",
    "resx",
    "rkt",
    "rs",
    "s",
    "sass",
    "scala",
    "scm",
    "scss",
    "service",
    "sh",
    "sol",
    "sql",
    "srt",
    "svelte",
    "svg",
    "swift",
    "tcl",
    "tf",
    "tfvars",
    "toml",
    "ts",
    "tsv",
    "tsx",
    "v",
    "vala",
    "vb",
    "vbs",
    "vhd",
    "vhdl",
    "vim",
    "vtt",
    "vue",
    "xml",
    "y",
    "yaml",
    "yml",
    "zig",
    "zsh",
];

/// Names of such files, in lower case. With another extension they are the same (`Dockerfile.dev`).
const NAMES: &[&str] = &[
    "brewfile",
    "containerfile",
    "dmesg",
    "dockerfile",
    "doxyfile",
    "gemfile",
    "gnumakefile",
    "jenkinsfile",
    "justfile",
    "kconfig",
    "makefile",
    "pkgbuild",
    "podfile",
    "procfile",
    "rakefile",
    "sconscript",
    "sconstruct",
    "syslog",
    "vagrantfile",
];

/// Names of such files that only as a whole are theirs.
const WHOLE_NAMES: &[&str] = &[
    "cmakelists.txt",
    "constraints.txt",
    "crontab",
    "fstab",
    "go.mod",
    "go.sum",
    "go.work",
    "group",
    "hosts",
    "meson.build",
    "meson_options.txt",
    "passwd",
    "requirements.txt",
    "sudoers",
];

/// Ends of names that say only that there is, or was, another file: `config.toml.example`.
const COPIES: &[&str] = &[
    "bak",
    "default",
    "dist",
    "dpkg-dist",
    "dpkg-new",
    "dpkg-old",
    "example",
    "in",
    "local",
    "old",
    "orig",
    "rej",
    "rpmnew",
    "rpmorig",
    "rpmsave",
    "sample",
    "tmpl",
];

/// Extensions of prose: no name before them makes it anything else.
const PROSE: &[&str] = &["epub", "htm", "html", "markdown", "md", "mdown", "mkd", "text", "txt", "xht", "xhtml"];

/// Letters of the section of a manual.
const SECTION_MAX: usize = 8;
/// Digits of a hash, at least: `git` shortens it to no less.
const HASH_MIN: usize = 7;
/// What `git log --graph` draws beside a history.
pub const GRAPH: &[u8] = b"*|/\\_-. ";

/// Whether the name of a file says that its lines are to stand as they are.
pub fn is_named_for_lines(name: &str) -> bool {
    let name = original(name);
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    if WHOLE_NAMES.binary_search(&lower.as_str()).is_ok() {
        return true;
    }
    if PROSE.binary_search(&extension).is_ok() {
        return false;
    }
    // `Henry.V` and `Vol.D` have no extension, `model.R` has one.
    let is_number = name.ends_with(|c: char| c.is_ascii_uppercase() && c != 'R') && extension.len() == 1;
    // What is hidden holds settings.
    name.starts_with('.')
        || NAMES.binary_search(&lower.as_str()).is_ok()
        || NAMES.binary_search(&stem).is_ok()
        || EXTENSIONS.binary_search(&extension).is_ok() && !is_number
}

/// Whether the name of a file says that it is prose, whatever it looks like.
pub fn is_named_for_prose(name: &str) -> bool {
    let lower = original(name).to_ascii_lowercase();
    lower.rsplit_once('.').is_some_and(|(_, extension)| PROSE.binary_search(&extension).is_ok())
}

/// The name of the file that one is a copy of, without its folder: `app.log` for `app.log.1` and
/// `app.log-20240101`.
fn original(path: &str) -> &str {
    let mut name = Path::new(path).file_name().and_then(OsStr::to_str).unwrap_or_default();
    loop {
        let before = name.trim_end_matches('~');
        let before = match before.rsplit_once(['.', '-']) {
            Some((rest, end)) if is_copy(end) => rest,
            _ => before,
        };
        if before.len() == name.len() || before.trim_matches('.').is_empty() {
            return name;
        }
        name = before;
    }
}

fn is_copy(end: &str) -> bool {
    !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit())
        || COPIES.iter().any(|copy| end.eq_ignore_ascii_case(copy))
}

/// Whether a text that begins so is a script, a patch, a history or a page of a manual.
pub fn begins_lines(first: &str) -> bool {
    let mut lines = first.lines().filter(|line| !line.trim().is_empty());
    let (line, next) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let rest = |sign: &str| line.strip_prefix(sign);
    let is_next = |signs: &[&str]| signs.iter().any(|sign| next.trim_start_matches(['|', ' ']).starts_with(sign));
    let commit = graphless(line).strip_prefix("commit ").filter(|hash| names_commit(hash));
    rest("#!").is_some_and(|rest| rest.trim_start().starts_with('/'))
        || rest("diff -").is_some_and(|rest| rest.starts_with(|c: char| c == '-' || c.is_ascii_alphanumeric()))
        || rest("--- ").is_some() && is_next(&["+++ "])
        || rest("*** ").is_some() && is_next(&["--- "])
        || rest("Index: ").is_some() && is_next(&["===="])
        || rest("# HG changeset patch").is_some()
        || rest("From ").is_some_and(|hash| names_commit(hash) && hash.split(' ').next().is_some_and(is_whole_hash))
        || rest("tag ").is_some() && is_next(&["Tagger: "])
        || commit.is_some() && is_next(&["Author: ", "Merge: ", "author ", "parent ", "tree "])
        || begins_manual(line)
}

fn is_whole_hash(word: &str) -> bool {
    word.len() >= 40
}

/// Whether a line is the first of a page of a manual: its name with its section at both ends, as in
/// `LS(1)   User Commands   LS(1)`, `SSL_new(3ossl)` or `lindex(n)`.
pub fn begins_manual(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(word), Some(last)) = (words.next(), words.next_back()) else { return false };
    let section = word.strip_suffix(')').and_then(|word| word.split_once('(')).filter(|(name, _)| !name.is_empty());
    let is_section = |section: &str| {
        let is_numbered = section.starts_with(|c: char| c.is_ascii_digit()) && section.len() <= SECTION_MAX;
        matches!(section, "n" | "l") || is_numbered && section.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    word == last && section.is_some_and(|(_, section)| is_section(section))
}

/// Whether a text begins with the hash of a commit, whole or shortened.
pub fn names_commit(text: &str) -> bool {
    let hash = text.split(' ').next().unwrap_or_default();
    hash.len() >= HASH_MIN && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A line without what `git log --graph` draws before a commit. The words of one stand further in.
pub fn graphless(line: &str) -> &str {
    match line.split_once("* ") {
        Some((graph, rest)) if graph.bytes().all(|b| GRAPH.contains(&b)) && !graph.contains("    ") => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_whose_lines_stand() {
        for name in [
            "main.rs",
            "Cargo.TOML",
            "src/Makefile",
            "Makefile.am",
            "CMakeLists.txt",
            ".bashrc",
            ".env.local",
            ".env.example",
            "app.log.1",
            "app.log-20240101",
            "app.log.2024-01-01",
            "syslog.1",
            "config.toml.bak",
            "config.toml.example",
            "main.rs~",
            "main.c.orig",
            "Dockerfile.dev",
            "go.mod",
            "requirements.txt",
            "build.gradle.kts",
            "model.R",
            "etc/hosts",
            "x.in.R",
            "query.SQL",
        ] {
            assert!(is_named_for_lines(name), "{name}");
        }
        for name in [
            "",
            ".",
            "~",
            "-",
            "notes.1",
            "story.old",
            "Makefile.txt",
            "a.in",
            ".txt",
            ".md",
            "Henry.V",
            "Vol.D",
            "book",
            "1",
            "a.txt~",
            "standard input",
            "README",
            "The Lord of J.M",
        ] {
            assert!(!is_named_for_lines(name), "{name}");
        }
        for (name, expected) in [
            ("a/b.txt", true),
            ("a.TXT~", true),
            ("a.md.bak", true),
            (".txt", true),
            ("a.txt.d", false),
            ("txt", false),
        ] {
            assert_eq!(is_named_for_prose(name), expected, "{name}");
        }
        for list in [EXTENSIONS, NAMES, WHOLE_NAMES, PROSE] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn first_lines_of_texts_whose_lines_stand() {
        for text in [
            "#!/bin/sh\nls",
            "#! /bin/sh\nls",
            "diff --git a/b b/b",
            "diff -r a b",
            "--- a\n+++ b\n",
            "*** a\n--- b\n",
            "Index: a\n=====\n",
            "# HG changeset patch\n",
            "\nLS(1)   User Commands   LS(1)\n\nNAME",
            "SSL(3ossl)   OpenSSL   SSL(3ossl)\n",
            "lindex(n)   Tcl   lindex(n)\n",
            "commit 0123456789abcdef0123456789abcdef01234567 (HEAD)\nAuthor: A\n",
            "commit abcdef1\nMerge: a b\n",
            "* commit abcdef1\n| Author: A\n",
            "tag v1\nTagger: A\n",
            "From 0123456789abcdef0123456789abcdef01234567 Mon Sep\nFrom: A\n",
        ] {
            assert!(begins_lines(text), "{text}");
        }
        for text in [
            "",
            "commit to this, it was said",
            "commit defaced deeds\nAnd so on",
            "From faraday it came",
            "diff is a word",
            "diff - compare files",
            "--- and so on\nit went",
            "#! it said",
            "See ls(1) in it",
            "f(x) is f(x)",
            "(1) a thing (1)",
            "(1)",
            "* * *\n",
        ] {
            assert!(!begins_lines(text), "{text}");
        }
    }
}
