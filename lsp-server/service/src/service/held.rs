//! Requests that are answered once there is something to say: `workspace/diagnostic`.
//!
//! Clients ask for the diagnostics of the workspace over and over, VS Code two seconds after each answer. So a report
//! without news is kept, and the request is done again when something has changed. That answer goes out whatever it
//! says: the client sets the pace while its user types.

use serde_json::Value;

use super::Service;
use super::holdable::Holdable;
use super::lifecycle::Phase;
use super::requests::Flight;
use crate::features::workspace_diagnostic::{News, news};
use crate::json::Json;
use crate::lsp::Id;

impl Service {
    /// A report is ready: it is given back if it is to be sent now.
    pub(super) fn hold_or(&mut self, id: &Id, mut flight: Flight, report: Json) -> Option<(Flight, Json)> {
        let changes = self.background.changes();
        let Some(holdable) = flight.holdable.as_mut() else { return Some((flight, report)) };
        let waits = match news(&report) {
            News::Some => false,
            News::None => true,
            // Also what a client gets that asks for the first time.
            News::Nothing => self.reported == Some(holdable.changes),
        };
        let can =
            self.phase == Phase::Running && !self.flights.closing() && self.workspace.learns_of_changes();
        // The client waits for one of them.
        let alone = !self.flights.any_holdable();
        if can && waits && alone && !holdable.again && holdable.changes == changes {
            holdable.report = Some(report);
            self.flights.put_back(id.clone(), flight);
            return None;
        }
        self.reported = Some(holdable.changes);
        Some((flight, report))
    }

    /// Something may have changed: those that were held before are done again.
    pub(super) fn renew_held(&mut self) {
        let changes = self.background.changes();
        let old = self.flights.extract(|it| it.held() && it.changes != changes);
        for (id, flight) in old {
            if let Some(holdable) = flight.holdable {
                self.begin(id, flight.route, holdable.params, flight.reply, true);
            }
        }
    }

    /// Nothing will be waited for any more.
    pub(super) fn answer_held(&mut self) {
        for (_, mut flight) in self.flights.extract(Holdable::held) {
            let report = flight.holdable.as_mut().and_then(|it| it.report.take());
            self.land(flight, Ok(report.unwrap_or_else(|| Value::Null.into())));
        }
    }
}
