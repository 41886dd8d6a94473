//! The AIR language server and the `air` command line.

pub mod cli;
pub mod config;
/// stub
pub mod server {
    /// s
    #[derive(Default)]
    pub struct Options {
        /// x
        pub client_process: Option<u32>,
    }
    /// s
    pub fn run_stdio(_: Options) -> std::process::ExitCode {
        std::process::ExitCode::SUCCESS
    }
}
