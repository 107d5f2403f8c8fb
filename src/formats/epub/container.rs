//! What stands around a book: where its package document is, and whether it is locked.

use std::collections::HashMap;
use std::io;

use super::xml::{self, Node};
use super::{Refusal, Warnings, links, text};
use crate::formats::zip::{Archive, MemberId};
use crate::limits::MEMBER_DIRECTIONS_MAX;

/// A small file of the archive as a list of nodes; none if it is not there.
///
/// # Errors
/// When the file cannot be read.
pub fn nodes(archive: &Archive, path: &str, warnings: &mut Warnings) -> io::Result<Vec<Node>> {
    let Some(member) = archive.find(path) else { return Ok(Vec::new()) };
    let content = archive.read(member, MEMBER_DIRECTIONS_MAX)?;
    if let Some(fault) = content.fault {
        warnings.add(&format!("The book's file '{path}' cannot be read as it stands: {fault}."));
    }
    let nodes = xml::parse(&text::decode(content.bytes).0);
    if let Some(loss) = xml::loss(&nodes) {
        warnings.add(&format!("The book's file '{path}' {loss}."));
    }
    Ok(nodes)
}

/// Finds the package document, by the container or else by its ending.
///
/// # Errors
/// With a sentence when there is none, or when the file cannot be read.
pub fn find_package(archive: &Archive, warnings: &mut Warnings) -> Result<MemberId, Refusal> {
    let nodes = nodes(archive, "META-INF/container.xml", warnings)?;
    let roots: Vec<_> = nodes
        .iter()
        .filter_map(|node| match node {
            Node::Start(e) if e.name == "rootfile" => Some((e.attribute("full-path")?, e.attribute("media-type"))),
            _ => None,
        })
        .collect();
    let is_package = |kind: Option<&str>| kind.is_some_and(|k| k == "application/oebps-package+xml");
    let named = roots.iter().find(|(_, kind)| is_package(*kind)).or(roots.first());
    if let Some((path, _)) = named {
        return archive.find(path).ok_or_else(|| {
            Refusal::new(format!("its package document, '{path}', is not in it. Perhaps the file is incomplete."))
        });
    }
    // The one nearest to the top is the book's own.
    let found = archive
        .members()
        .filter(|(_, member)| member.has_extension("opf"))
        .min_by_key(|(id, member)| (member.name.matches('/').count(), *id));
    let missing = "it is a ZIP archive, but no EPUB: there is no package document (.opf) in it.";
    found.map(|(id, _)| id).ok_or_else(|| Refusal::new(missing))
}

/// The members that are encrypted, fonts aside, each with the algorithm.
///
/// # Errors
/// When the file cannot be read.
pub fn encrypted(archive: &Archive, warnings: &mut Warnings) -> io::Result<HashMap<MemberId, String>> {
    let nodes = nodes(archive, "META-INF/encryption.xml", warnings)?;
    let mut members = HashMap::new();
    let mut algorithm = String::new();
    for node in &nodes {
        let Node::Start(element) = node else { continue };
        match element.name.as_str() {
            "encrypteddata" => algorithm.clear(),
            // The first in an entry is how the data is encrypted; a later one may be how its key is.
            "encryptionmethod" if algorithm.is_empty() => {
                element.attribute("algorithm").unwrap_or("unknown").clone_into(&mut algorithm);
            }
            "cipherreference" if !is_font_obfuscation(&algorithm) => {
                let address = element.attribute("uri").and_then(|uri| links::resolve("", uri));
                if let Some(member) = address.and_then(|a| a.path).and_then(|path| archive.find(&path)) {
                    members.insert(member, algorithm.clone());
                }
            }
            _ => {}
        }
    }
    Ok(members)
}

/// Whose lock is on the book, by the files that go with it.
pub fn lock_name(archive: &Archive, algorithm: &str) -> &'static str {
    let has = |path| archive.find(path).is_some();
    if has("META-INF/license.lcpl") {
        "Readium LCP"
    } else if has("META-INF/sinf.xml") || algorithm.contains("apple.com") {
        "Apple FairPlay"
    } else if has("META-INF/rights.xml") {
        "Adobe DRM"
    } else {
        "DRM"
    }
}

fn is_font_obfuscation(algorithm: &str) -> bool {
    matches!(algorithm, "http://www.idpf.org/2008/embedding" | "http://ns.adobe.com/pdf/enc#RC")
}
