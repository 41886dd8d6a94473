//! Starts `air-lsp` for Zed: the program in its settings, else the one on the worktree's `PATH`.
//!
//! ```jsonc
//! "lsp": { "air-lsp": { "binary": { "path": "/opt/air-lsp" }, "settings": { /* the keys of air.toml */ } } }
//! ```

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree, serde_json};

struct Air;

fn settings(server: &LanguageServerId, worktree: &Worktree) -> Option<LspSettings> {
    LspSettings::for_worktree(server.as_ref(), worktree).ok()
}

impl zed::Extension for Air {
    fn new() -> Self {
        Air
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = settings(server, worktree).and_then(|settings| settings.binary);
        let (path, args) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which("air-lsp")).ok_or(
            "air-lsp is not on the PATH; run `cargo install --path lsp-server`, or set lsp.air-lsp.binary.path",
        )?;
        Ok(Command { command, args: args.unwrap_or_default(), env: worktree.shell_env() })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(settings(server, worktree).and_then(|settings| settings.initialization_options))
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(settings(server, worktree).and_then(|settings| settings.settings))
    }
}

zed::register_extension!(Air);
