//! Options of all commands.

use std::path::PathBuf;
use std::sync::Arc;

use super::output::Color;
use crate::config::Configs;
use crate::config::read::ConfigError;
use crate::config::read_named;
use crate::host::NativeFiles;

/// Options of all commands.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(help = "When to use colours: auto (on terminals), always or never")]
    pub color: Color,
    /// Print results only
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print details on standard error
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Use this configuration file for all scripts
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Read no configuration: neither air.toml nor .editorconfig
    #[arg(long, global = true)]
    pub isolated: bool,
}

impl GlobalArgs {
    /// Where the configuration of scripts comes from.
    pub fn configs(&self) -> Result<Configs, ConfigError> {
        let files = Arc::new(NativeFiles);
        match &self.config {
            Some(path) => Ok(Configs::fixed(files, read_named(path)?)),
            None if self.isolated => Ok(Configs::isolated(files)),
            None => Ok(Configs::search(files)),
        }
    }
}
