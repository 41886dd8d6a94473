//! Files that are renamed. To an editor, that is one document closed and another one opened, in either order, between
//! `willRenameFiles` and `didRenameFiles`. What is known of the one is kept for the other.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::Service;
use crate::document::{Memory, digest};
use crate::features::will_rename_files::renamed;
use crate::file_key::FileKey;
use crate::lsp::{self, Url};

/// Renames that are remembered; an editor that renames more at once loses results, and nothing else.
const MAX_RENAMES: usize = 64;

/// Closed documents whose results are kept for their new names.
const MAX_KEPT: usize = 8;

/// Renames that a client has announced.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Old and new names, of files and of folders.
    announced: VecDeque<(Url, Url)>,
    kept: VecDeque<(FileKey, Kept)>,
}

/// What is known of a document, whatever it is called.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub memory: Arc<Memory>,
    pub revision: u64,
    text: (usize, u64),
}

impl Kept {
    pub(super) fn new(memory: &Arc<Memory>, revision: u64, text: &str) -> Kept {
        Kept { memory: Arc::clone(memory), revision, text: (text.len(), digest(text.as_bytes())) }
    }

    fn is_of(&self, text: &str) -> bool {
        self.text == (text.len(), digest(text.as_bytes()))
    }
}

impl Renames {
    fn announce(&mut self, renames: Vec<(Url, Url)>) {
        for rename in renames {
            if !self.announced.contains(&rename) {
                self.announced.push_back(rename);
            }
        }
        let many = self.announced.len().saturating_sub(MAX_RENAMES);
        self.announced.drain(..many);
    }

    /// What a document will be called, if that was announced.
    pub(super) fn target(&self, uri: &Url) -> Option<Url> {
        self.announced.iter().rev().find_map(|(old, new)| moved(uri, old, new))
    }

    /// What it was called.
    pub(super) fn source(&self, uri: &Url) -> Option<Url> {
        self.announced.iter().rev().find_map(|(old, new)| moved(uri, new, old))
    }

    /// A document that gets another name was closed.
    pub(super) fn keep(&mut self, new: &Url, kept: Kept) {
        self.kept.push_back((FileKey::spelled(new), kept));
        let many = self.kept.len().saturating_sub(MAX_KEPT);
        self.kept.drain(..many);
    }

    /// What was kept for a document that is opened, if it has the same text.
    pub(super) fn take(&mut self, name: &FileKey, text: &str) -> Option<Kept> {
        let at = self.kept.iter().position(|(new, _)| new == name)?;
        self.kept.remove(at).map(|(_, kept)| kept).filter(|kept| kept.is_of(text))
    }
}

/// A file that is renamed, or that is in a folder that is.
fn moved(uri: &Url, old: &Url, new: &Url) -> Option<Url> {
    if FileKey::spelled(uri) == FileKey::spelled(old) {
        return Some(new.clone());
    }
    let inside = uri.as_str().strip_prefix(old.as_str().trim_end_matches('/'))?;
    let inside = inside.strip_prefix('/').filter(|rest| !rest.is_empty())?;
    Url::parse(&format!("{}/{inside}", new.as_str().trim_end_matches('/'))).ok()
}

impl Service {
    /// `workspace/willRenameFiles` has come; its answer is made elsewhere.
    pub(super) fn expect_renames(&mut self, params: &Value) {
        if let Ok(params) = serde_json::from_value(params.clone()) {
            self.renames.announce(renamed(&params));
        }
    }

    pub(super) fn did_rename_files(&mut self, params: lsp::RenameFilesParams) {
        self.renames.announce(renamed(&params));
        // The client may tell of these files in no other way.
        self.workspace.changed();
        self.background.changed();
    }

    /// What is known of a document that is opened: it may be one that was called something else.
    pub(super) fn known_before(&mut self, uri: &Url, name: &FileKey, text: &str) -> Option<Kept> {
        if let Some(kept) = self.renames.take(name, text) {
            return Some(kept);
        }
        let old = self.as_opened(self.renames.source(uri)?);
        self.kept_of(&old).filter(|kept| kept.is_of(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders() {
        let url = |name: &str| Url::parse(&format!("file:///{name}")).unwrap();
        let mut renames = Renames::default();
        renames.announce(vec![(url("w/a.air"), url("w/b.air")), (url("w/x"), url("w/y/"))]);
        assert_eq!(renames.target(&url("w/a.air")), Some(url("w/b.air")));
        assert_eq!(renames.target(&url("w/x/deep/c%20d.air")), Some(url("w/y/deep/c%20d.air")));
        assert_eq!(renames.source(&url("w/y/c.air")), Some(url("w/x/c.air")));
        for other in ["w/b.air", "w/xy/c.air", "x"] {
            assert_eq!(renames.target(&url(other)), None, "{other}");
        }
        for number in 0..2 * MAX_RENAMES {
            renames.announce(vec![(url(&format!("{number}")), url("there"))]);
        }
        assert_eq!((renames.announced.len(), renames.target(&url("w/a.air"))), (MAX_RENAMES, None));
    }

    #[test]
    fn what_is_kept_is_of_one_text() {
        let url = Url::parse("file:///b.air").unwrap();
        let mut renames = Renames::default();
        let keep = |renames: &mut Renames| renames.keep(&url, Kept::new(&Arc::default(), 3, "(null)"));
        keep(&mut renames);
        assert_eq!(renames.take(&FileKey::spelled(&url), "(null)").unwrap().revision, 3);
        assert!(renames.take(&FileKey::spelled(&url), "(null)").is_none(), "once");
        keep(&mut renames);
        assert!(renames.take(&FileKey::spelled(&url), "(never)").is_none());
        (0..2 * MAX_KEPT).for_each(|_| keep(&mut renames));
        assert_eq!(renames.kept.len(), MAX_KEPT);
    }
}
