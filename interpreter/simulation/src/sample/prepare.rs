//! A script and its sample, ready to be simulated.

use air_semantics::Script;

use super::annotations::annotations;
use super::answers::{Rule, Rules};
use super::given::{LoadingScript, load};
use super::layers::{CallRemarks, SampleServices};
use super::scenario::{Problem, Sample};
use crate::make_up::{MakeUp, PEER_NAMES, World};
use crate::network::Setup;
use crate::services::Conventions;
use air_interpreter::ParsedScript;

/// Everything that a simulation needs.
#[derive(Debug)]
pub struct Preparation {
    /// What runs: the text with ids for names, after a prefix that loads outside variables.
    pub analysis: Script,
    /// The same, ready to run.
    pub script: ParsedScript,
    /// Instructions before the script's own, in closing order: subtract it from numbers in the run to get
    /// those of the text as it was given. What is below, or too large for the text, belongs to the loading.
    pub shift: u32,
    /// What the simulation starts from.
    pub setup: Setup,
    /// Who answers.
    pub services: SampleServices,
    /// Wrong annotations, by their place in the text as it was given.
    pub problems: Vec<Problem>,
}

/// Prepares a script. `make_up`: how many elements made-up arrays get; `None` if nothing is made up.
///
/// Where values are made up, any text in a peer's place is a peer.
pub fn prepare(analysis: &Script, sample: &Sample, make_up: Option<u32>) -> Preparation {
    let loaded = load(analysis);
    let shift = loaded.as_ref().map_or(0, |loaded| loaded.instructions);
    let text = loaded.as_ref().map_or(&*analysis.text, |LoadingScript { text, .. }| text);
    let (text, mut setup, mut rules) = sample.setup(text);
    let (own, problems) = annotations(analysis.hir());
    let own = own.into_iter().map(|rule| {
        let call = rule.call.map(|call| air_semantics::hir::InstrId(call.0 + shift));
        Rule { call, ..rule.with_ids(&mut setup.peers) }
    });
    rules.splice(0..0, own.collect::<Vec<_>>());
    let mut conventions = Conventions::default();
    let analysis = Script::to_run(text);
    let make_up = make_up.map(|array_length| {
        setup.any_peer = true;
        conventions.relay = Some(setup.peers.named("relay"));
        let peers = PEER_NAMES.iter().map(|name| setup.peers.named(name)).collect();
        MakeUp::new(analysis.hir(), analysis.resolution(), World { peers, array_length })
    });
    Preparation {
        script: ParsedScript::of(&analysis),
        analysis,
        shift,
        setup,
        services: SampleServices {
            rules: Rules::new(rules),
            conventions,
            make_up,
            recorded: sample.air.is_some(),
            remarks: CallRemarks::default(),
        },
        problems,
    }
}
