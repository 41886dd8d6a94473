//! The language server: messages in, messages out, a job at a time.

use std::collections::BTreeSet;
use std::path::PathBuf;

use air_service::Service;
use air_service::host::memory::MemoryHost;
use serde::Deserialize;
use serde_json::json;

use crate::files::{self, FilesParams};

/// One client's session.
#[derive(Debug)]
pub struct Session {
    memory: MemoryHost,
    service: Service,
    /// Files that the client has sent.
    known: BTreeSet<PathBuf>,
}

impl Default for Session {
    fn default() -> Self {
        let memory = MemoryHost::default();
        let service = Service::new(memory.host());
        Session { memory, service, known: BTreeSet::new() }
    }
}

impl Session {
    /// Takes the text of one message. What is to be done for it is done by [`Session::step`], so that a later message, an edit
    /// or a cancellation, can come before.
    pub fn receive(&mut self, message: &str) {
        if self.service.exit_code().is_some() {
            return;
        }
        match files_of(message) {
            None => self.service.receive(message),
            Some(params) => {
                let quiet = params.quiet;
                let changes = files::take(params, &self.memory.files, &mut self.known);
                if quiet {
                    return;
                }
                let changed = json!({ "jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": changes });
                self.service.receive(&changed.to_string());
            }
        }
    }

    /// Does the next job; false if nothing is left to do.
    pub fn step(&mut self) -> bool {
        if self.service.exit_code().is_some() {
            return false;
        }
        self.service.idle();
        let mut told = None;
        let worked = self.memory.jobs.step(|event| told = Some(event));
        if let Some(event) = told {
            self.service.handle(event);
        }
        worked
    }

    /// What the server says, a JSON array of messages; `None` if nothing.
    pub fn messages(&mut self) -> Option<String> {
        let outbox = self.service.outbox();
        let mut text = String::new();
        while let Some(message) = outbox.pop() {
            text.push(if text.is_empty() { '[' } else { ',' });
            text.push_str(&message.into_text());
        }
        (!text.is_empty()).then(|| text + "]")
    }
}

/// The parameters of the notification of files. Others, most of all edits, are not parsed twice.
fn files_of(message: &str) -> Option<FilesParams> {
    #[derive(Deserialize)]
    struct Notification {
        method: String,
        #[serde(default)]
        params: FilesParams,
    }
    if !message.contains(files::METHOD) {
        return None;
    }
    let notification: Notification = serde_json::from_str(message).ok()?;
    (notification.method == files::METHOD).then_some(notification.params)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn said(session: &mut Session, message: Value) -> Vec<Value> {
        session.receive(&message.to_string());
        let mut all = Vec::new();
        loop {
            let worked = session.step();
            let said = session.messages();
            all.extend(said.into_iter().flat_map(|said| serde_json::from_str::<Vec<Value>>(&said).unwrap()));
            if !worked {
                return all;
            }
        }
    }

    #[test]
    fn a_session_with_a_file_beside_the_script() {
        let mut session = Session::default();
        let params = json!({ "capabilities": {}, "workspaceFolders": [{ "uri": "file:///w", "name": "w" }] });
        let said_first = said(
            &mut session,
            json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }),
        );
        assert_eq!(said_first[0]["result"]["serverInfo"]["name"], "air-lsp");
        said(&mut session, json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        let sample = r#"{"services": [{"service": "s", "function": "f", "answer": {"ok": "of a file"}}]}"#;
        let written = json!({ "written": [{ "uri": "file:///w/a.sample.json", "text": sample }] });
        said(&mut session, json!({ "jsonrpc": "2.0", "method": "air/files", "params": written }));
        let document = json!({ "uri": "file:///w/a.air", "languageId": "air", "version": 1, "text": "(call %init_peer_id% (\"s\" \"f\") [] x)" });
        let opened = said(
            &mut session,
            json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        );
        assert!(
            opened.iter().any(|message| message["method"] == "textDocument/publishDiagnostics"),
            "{opened:?}"
        );
        let run = json!({ "command": "air.run", "arguments": [{ "uri": "file:///w/a.air" }] });
        let ran = said(
            &mut session,
            json!({ "jsonrpc": "2.0", "id": 2, "method": "workspace/executeCommand", "params": run }),
        );
        let answer = ran.iter().find(|message| message["id"] == 2).unwrap();
        assert!(answer["result"].to_string().contains("of a file"), "{answer}");
        said(&mut session, json!({ "jsonrpc": "2.0", "id": 3, "method": "shutdown" }));
        said(&mut session, json!({ "jsonrpc": "2.0", "method": "exit" }));
        assert!(said(&mut session, json!({ "jsonrpc": "2.0", "id": 4, "method": "shutdown" })).is_empty());
    }
}
