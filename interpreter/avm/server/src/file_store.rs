//! Data in files, with the names of Fluence's nodes: `particle_{id}-peer_{peer}-sig_{signature in base58}`.
//!
//! New data is written beside the old one, to the disk, and takes its place in one step. So a kill at any moment leaves the
//! old data or the new, and at most a file `.air-…`, which the next start removes. One process at a time uses a folder.
//!
//! A file's modification time is when its particle expires: that needs no second file that could be lost, and comes
//! and goes with the data. Files that other programs wrote are therefore expired as soon as they are there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use crate::anomaly::AnomalyData;
use crate::store::{DataKey, DataStore};

/// A folder for data, and one for anomalies.
#[derive(Debug, Clone)]
pub struct FileStore {
    data: PathBuf,
    anomalies: PathBuf,
}

/// Files that are being written begin so.
const UNFINISHED: &str = ".air-";

/// Names of data begin so; nothing else in the folder is touched.
const DATA: &str = "particle_";

/// Longest name of a file on all usual file systems, less what is appended to a shortened one.
const MAX_NAME_BYTES: usize = 255;

impl FileStore {
    /// A store in a folder; anomalies go to its folder `anomalies`.
    ///
    /// # Errors
    /// If there is no such folder, and none can be made.
    pub fn open(folder: &Path) -> io::Result<FileStore> {
        let mut store = FileStore { data: folder.to_owned(), anomalies: folder.join("anomalies") };
        store.initialize()?;
        Ok(store)
    }

    /// Where an anomaly of the particle would be written: `{anomalies}/{key}/{ms since 1970}/data`, as nodes do.
    fn anomaly_folder(&self, key: &DataKey<'_>) -> PathBuf {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        self.anomalies.join(file_name(key)).join(now.to_string())
    }
}

impl DataStore for FileStore {
    type Error = io::Error;

    fn initialize(&mut self) -> io::Result<()> {
        fs::create_dir_all(&self.data)?;
        for entry in fs::read_dir(&self.data)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn store_data(&mut self, key: &DataKey<'_>, data: &[u8], expires: u64) -> io::Result<()> {
        write(&self.data, &file_name(key), data, Some(expires))
    }

    fn read_data(&mut self, key: &DataKey<'_>) -> io::Result<Vec<u8>> {
        match fs::read(self.data.join(file_name(key))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            read => read,
        }
    }

    fn cleanup_data(&mut self, key: &DataKey<'_>) -> io::Result<()> {
        match fs::remove_file(self.data.join(file_name(key))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn cleanup_expired(&mut self, now: u64) -> io::Result<usize> {
        let now = time(now);
        let mut removed = 0;
        for entry in fs::read_dir(&self.data)? {
            let entry = entry?;
            let is_data = entry.file_name().to_string_lossy().starts_with(DATA);
            if is_data && entry.metadata()?.modified()? < now {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn collect_anomaly_data(&mut self, key: &DataKey<'_>, anomaly: &AnomalyData<'_>) -> io::Result<()> {
        let folder = self.anomaly_folder(key);
        fs::create_dir_all(&folder)?;
        write(&folder, "data", anomaly.to_json().as_bytes(), None)
    }
}

/// Puts a file in its place in one step: who reads it sees the old content or the new, whatever happens.
fn write(folder: &Path, name: &str, content: &[u8], modified: Option<u64>) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(content)?;
    if let Some(modified) = modified {
        file.as_file().set_modified(time(modified))?;
    }
    // The content reaches the disk before the name does.
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Times beyond what a file system can hold are the last one that all can.
fn time(milliseconds: u64) -> SystemTime {
    const YEAR_2100: u64 = 4_102_444_800_000;
    UNIX_EPOCH + Duration::from_millis(milliseconds.min(YEAR_2100))
}

/// The name that nodes give; where it could not be one file's name in one folder, its other characters as `%XX`, and the
/// end of what is too long as a hash.
fn file_name(key: &DataKey<'_>) -> String {
    let signature = bs58::encode(key.signature).into_string();
    let whole = format!("{DATA}{}-peer_{}-sig_{signature}", escaped(key.particle_id), escaped(key.peer_id));
    if whole.len() <= MAX_NAME_BYTES {
        return whole;
    }
    let hash = bs58::encode(Sha256::digest(whole.as_bytes())).into_string();
    let kept = whole.get(..MAX_NAME_BYTES - hash.len() - 1).unwrap_or_default();
    format!("{kept}-{hash}")
}

fn escaped(text: &str) -> String {
    let mut name = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn key<'a>(particle_id: &'a str, peer_id: &'a str) -> DataKey<'a> {
        DataKey { particle_id, peer_id, signature: &[1, 2, 3] }
    }

    #[test]
    fn names_are_those_of_nodes() {
        let name = |particle, peer| file_name(&key(particle, peer));
        expect!["particle_2883f959-e9e7-4843-8c37-205d393ca372-peer_12D3KooW-sig_Ldp"]
            .assert_eq(&name("2883f959-e9e7-4843-8c37-205d393ca372", "12D3KooW"));
        expect!["particle_..%2F..%2Fetc%00-peer_%C3%A9-sig_Ldp"].assert_eq(&name("../../etc\0", "é"));
        let (one, other) = ("x".repeat(1000), "x".repeat(1001));
        assert_eq!(name(&one, "p").len(), MAX_NAME_BYTES);
        assert_ne!(name(&one, "p"), name(&other, "p"));
    }

    #[test]
    fn data_is_kept_until_it_expires() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FileStore::open(folder.path()).unwrap();
        assert_eq!(store.read_data(&key("p", "a")).unwrap(), b"");
        store.store_data(&key("p", "a"), b"one", 2_000).unwrap();
        store.store_data(&key("p", "a"), b"two", 2_000).unwrap();
        store.store_data(&key("p", "b"), b"other peer", 3_000).unwrap();
        store.store_data(&key("q", "a"), b"other particle", u64::MAX).unwrap();
        fs::write(folder.path().join("readme"), "not data").unwrap();

        let mut store = FileStore::open(folder.path()).unwrap();
        assert_eq!(store.read_data(&key("p", "a")).unwrap(), b"two");
        assert_eq!(store.cleanup_expired(2_000).unwrap(), 0);
        assert_eq!(store.cleanup_expired(2_001).unwrap(), 1);
        assert_eq!(store.read_data(&key("p", "a")).unwrap(), b"");
        assert_eq!(store.read_data(&key("p", "b")).unwrap(), b"other peer");
        store.cleanup_data(&key("p", "b")).unwrap();
        store.cleanup_data(&key("p", "b")).unwrap();
        assert_eq!(store.read_data(&key("p", "b")).unwrap(), b"");
        assert_eq!(store.read_data(&key("q", "a")).unwrap(), b"other particle");
        assert!(folder.path().join("readme").exists());
    }

    #[test]
    fn what_a_kill_left_is_removed_and_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FileStore::open(folder.path()).unwrap();
        store.store_data(&key("p", "a"), b"whole", 1).unwrap();
        fs::write(folder.path().join(".air-123"), "hal").unwrap();
        let mut store = FileStore::open(folder.path()).unwrap();
        assert_eq!(store.read_data(&key("p", "a")).unwrap(), b"whole");
        assert!(!folder.path().join(".air-123").exists());
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_not_empty() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FileStore::open(folder.path()).unwrap();
        fs::create_dir(folder.path().join(file_name(&key("p", "a")))).unwrap();
        assert!(store.read_data(&key("p", "a")).is_err());
    }
}
