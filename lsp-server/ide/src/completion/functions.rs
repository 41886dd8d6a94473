//! Which service and which function a call means, by what stands after them: the arguments and the output.

use std::collections::HashSet;

use super::list::{List, text_of};
use crate::cursor_context::SlotKind;
use crate::names::outside::{OutsideKind, OutsideName};
use crate::services::{BUILT_INS, OFTEN_INSTALLED, built_in};

/// The service whose functions are the parameters of a compiled function.
const PARAMETERS: &str = "getDataSrv";

/// Places that are searched for functions of other services.
const MAX_OTHERS: usize = 2_000;

impl List<'_> {
    /// Services: first those that have the function which stands after the cursor.
    pub(super) fn rank_services(&self, found: &mut Vec<(String, String)>, names: &[OutsideName<'_>]) {
        let function = self.here.after.first().map_or("", |slot| text_of(self.analysis, slot.range));
        let function = function.trim_matches('"');
        if function.is_empty() {
            return;
        }
        let output = self.output_after().unwrap_or_default();
        let parameter = functions_of_output(output).any(|name| name == function);
        let here = names.iter().filter(|it| it.kind == OutsideKind::Function && it.name == function);
        let here: HashSet<&str> = here.filter_map(|it| it.service).collect();
        let foreign = self.surroundings.names().iter();
        let foreign = foreign.filter(|it| it.kind == OutsideKind::Function && it.name == function);
        let foreign: HashSet<&str> = foreign.map(|it| &*it.service).collect();
        found.sort_by_cached_key(|(service, _)| match &**service {
            service if here.contains(service) => 0,
            service if built_in(service, function).is_some() => 1,
            PARAMETERS if parameter => 2,
            service if foreign.contains(service) => 3,
            PARAMETERS => 4,
            // It has other functions.
            service if BUILT_INS.iter().any(|it| it.service == service) => 5,
            _ => 4,
        });
        for (service, functions) in OFTEN_INSTALLED {
            if functions.contains(&function) && found.iter().all(|(known, _)| known != service) {
                found.push(((*service).to_owned(), "where it is installed".to_owned()));
            }
        }
        if found.iter().all(|(service, _)| service != function) {
            found.push((function.to_owned(), "as its function".to_owned()));
        }
    }

    /// Functions: first those that the output is named after and that take so many arguments; then names that the
    /// output and the service suggest, and what is called of other services.
    pub(super) fn rank_functions(
        &self,
        service: Option<&str>,
        found: &mut Vec<(String, String)>,
        names: &[OutsideName<'_>],
    ) {
        let output = self.output_after().unwrap_or_default();
        let suggested: Vec<&str> = functions_of_output(output).collect();
        let arguments = self.here.beyond.iter().find_map(|slot| match slot.kind {
            SlotKind::Brackets { words } => Some(words),
            _ => None,
        });
        let parameters = service == Some(PARAMETERS);
        let called = names.iter().filter(|it| it.kind == OutsideKind::Function && it.range != self.here.word);
        let same = called.clone().filter(|it| it.service == service);
        let known: HashSet<&str> = same.clone().map(|it| it.name).collect();
        let takes: HashSet<&str> = same.filter(|it| Some(it.arity) == arguments).map(|it| it.name).collect();
        let foreign = self.surroundings.names().iter();
        let foreign = foreign.filter(|it| it.kind == OutsideKind::Function && Some(it.arity) == arguments);
        let foreign: HashSet<&str> =
            foreign.filter(|it| it.service == service.unwrap_or_default()).map(|it| &*it.name).collect();
        found.sort_by_cached_key(|(name, _)| {
            let built_in = service.and_then(|service| built_in(service, name));
            let takes = takes.contains(&**name)
                || foreign.contains(&**name)
                || built_in.is_some_and(|it| Some(it.parameters.len()) == arguments);
            // A parameter is fetched once.
            let fetched = parameters && known.contains(&**name);
            (!suggested.contains(&&**name), arguments.is_some() && !takes, fetched)
        });
        let mut seen: HashSet<String> = found.iter().map(|(name, _)| name.clone()).collect();
        let mut add = |at: Option<usize>, name: &str, detail: &str| {
            if !name.is_empty() && seen.insert(name.to_owned()) {
                found.insert(at.unwrap_or(found.len()), (name.to_owned(), detail.to_owned()));
            }
        };
        for name in suggested.iter().rev() {
            add(parameters.then_some(0), name, "named as its result");
        }
        add(None, service.unwrap_or_default(), "named as its service");
        // A spell has its own by the name of a variable.
        let installed =
            OFTEN_INSTALLED.iter().filter(|(name, _)| service.is_none_or(|service| service == *name));
        let installed = installed.flat_map(|(_, functions)| *functions);
        if service.is_some() {
            installed.clone().for_each(|function| add(None, function, "where it is installed"));
        }
        // Those that take so many arguments first.
        let (fitting, others): (Vec<_>, Vec<_>) =
            called.take(MAX_OTHERS).partition(|it| Some(it.arity) == arguments);
        for it in fitting.into_iter().chain(others) {
            add(None, it.name, "of another service");
        }
        // Of a service in a variable nothing says which one it is.
        installed.for_each(|function| add(None, function, "where it is installed"));
    }

    /// The output of the call, after the brackets with the cursor.
    fn output_after(&self) -> Option<&str> {
        let output = self.here.beyond.iter().rfind(|slot| matches!(slot.kind, SlotKind::Word(_)))?;
        Some(text_of(self.analysis, output.range))
    }
}

/// What a function may be called whose result has that name: `-x-arg-` and `x-iter` are of the compiler.
fn functions_of_output(output: &str) -> impl Iterator<Item = &str> {
    let bare = output.trim_start_matches(['$', '#', '%']);
    let parameter = bare.strip_prefix('-').and_then(|rest| rest.strip_suffix("-arg-"));
    let relay = parameter.is_none() && bare.starts_with('-') && bare.ends_with('-');
    let iterated = bare.strip_suffix("-iter");
    let result = ["_result", "_results", "-result"].into_iter().find_map(|end| bare.strip_suffix(end));
    let plain = match parameter.or(iterated) {
        _ if relay => Some(bare),
        Some(_) => None,
        None => Some(bare.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')),
    };
    [parameter, iterated, result, plain]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty() && *name != "ret")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::testing::first;

    #[test]
    fn by_the_output() {
        assert!(first("(call p (\"getDataSrv\" \"$0\") [] -user-arg-)").starts_with("\"user\""));
        assert!(first("(call p (\"getDataSrv\" \"$0\") [] users-iter)").starts_with("\"users\""));
        assert_eq!(first("(call p (\"get\" \"$0\") [] users_result)"), "\"users_result\" \"users\" \"get\"");
        let names = |output| functions_of_output(output).collect::<Vec<_>>().join(" ");
        assert_eq!(names("-relay-"), "-relay-");
        assert_eq!(names("ret-12"), "");
        assert_eq!(names("$key-0"), "key");
    }

    #[test]
    fn by_the_arguments() {
        let script = "(seq (call p (\"s\" \"one\") [1]) (seq (call p (\"s\" \"one\") [2]) (seq (call p (\"s\" \"two\") [1 2]) (call p (\"s\" \"$0\") [ARGUMENTS]))))";
        assert!(first(&script.replace("ARGUMENTS", "1")).starts_with("\"one\" \"two\""));
        assert!(first(&script.replace("ARGUMENTS", "1 []")).starts_with("\"two\" \"one\""));
    }

    #[test]
    fn services_by_the_function() {
        assert!(first("(call p (\"$0\" \"response\") [])").starts_with("\"callbackSrv\""));
        assert!(first("(call p (\"$0\" \"user\") [] -user-arg-)").starts_with("\"getDataSrv\""));
        assert!(
            first("(seq (call p (\"mine\" \"f\") []) (call p (\"$0\" \"f\") []))").starts_with("\"mine\"")
        );
    }
}
