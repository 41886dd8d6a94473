//! Reports of a check, in any form.

use crate::config::ReportFormat;

mod concise;
mod full;
mod github;
mod json;
pub mod report_writer;
pub mod reporter;
mod sarif;
pub mod severity;

pub use air_service::documents::{check::schema, checked, summary};
pub use full::Full;
use reporter::Reporter;

/// The reporter for a format; colours and width are those of the terminal.
pub fn reporter_for(format: ReportFormat, colour: bool, width: usize) -> Box<dyn Reporter> {
    match format {
        ReportFormat::Full => Box::new(Full::new(colour, width)),
        ReportFormat::Concise => Box::new(concise::Concise { colour }),
        ReportFormat::Json => Box::new(json::Json),
        ReportFormat::Jsonl => Box::new(json::Jsonl),
        ReportFormat::Sarif => Box::new(sarif::Sarif),
        ReportFormat::Github => Box::new(github::Github),
    }
}
