//! Uses of names that nothing to the left defines.

use air_syntax::TextRange;
use rustc_hash::FxHashMap;

use super::{Given, Place, name_range};
use crate::closest::Closest;
use crate::finding::{Finding, Fix, Related, Rule};
use crate::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, NameId, Operand, Role};
use crate::text_edit::TextEdit;

/// Further bad uses of one name that are listed beside the first.
const MAX_RELATED: usize = 20;

/// A use that was unknown when its instruction closed.
struct Pending {
    name: NameId,
    instr: InstrId,
    place: Place,
    range: TextRange,
}

/// What AquaVM knows of names.
///
/// Structure plays no part: a name is known to every instruction that starts to the right of the
/// leftmost instruction defining it (`call`, `ap`, `canon`, `new`, or a fold for its iterator).
pub(super) struct Variables {
    /// For each name, one more than the leftmost start of an instruction that defines it; 0 if the
    /// host supplies it, the largest there is if nothing has defined it yet.
    known_from: Vec<Place>,
    /// For each name, only the first use that was unknown when its instruction closed is tested
    /// again at the end.
    pending: Vec<Pending>,
    is_pending: Vec<bool>,
}

impl Variables {
    pub(super) fn new(hir: &Hir, given: &Given) -> Variables {
        let mut known_from = vec![Place::MAX; hir.name_ranges.len()];
        if !given.is_empty() {
            for (known_from, name) in known_from.iter_mut().zip(hir.names()) {
                if given.contains(name) {
                    *known_from = 0;
                }
            }
        }
        Variables { known_from, pending: Vec::new(), is_pending: vec![false; hir.name_ranges.len()] }
    }

    /// One more name.
    pub(super) fn add_name(&mut self, given: bool) {
        self.known_from.push(if given { 0 } else { Place::MAX });
        self.is_pending.push(false);
    }

    pub(super) fn close(&mut self, hir: &Hir, id: InstrId, instr: &Instr, place: Place) {
        if instr.operands.is_empty() {
            return;
        }
        for operand in hir.operands_of(instr) {
            if operand.role.is_write() || (operand.role == Role::Iterator && instr.kind == InstrKind::Fold) {
                if let Some(name) = operand.kind.name()
                    && let Some(known_from) = self.known_from.get_mut(name.0 as usize)
                {
                    *known_from = (*known_from).min(place + 1);
                }
            } else {
                each_use(hir, instr, operand, |name, range| {
                    if self.known_from.get(name.0 as usize).is_some_and(|known_from| *known_from > place)
                        && let Some(is_pending) = self.is_pending.get_mut(name.0 as usize)
                        && !std::mem::replace(is_pending, true)
                    {
                        self.pending.push(Pending { name, instr: id, place, range: range() });
                    }
                });
            }
        }
    }

    fn is_undefined(&self, pending: &Pending) -> bool {
        self.known_from.get(pending.name.0 as usize).is_none_or(|known_from| *known_from > pending.place)
    }

    pub(super) fn all_defined(&self) -> bool {
        !self.pending.iter().any(|pending| self.is_undefined(pending))
    }

    pub(super) fn report(self, hir: &Hir) -> Vec<Finding> {
        let mut undefined: Vec<_> =
            self.pending.iter().filter(|pending| self.is_undefined(pending)).collect();
        if undefined.is_empty() {
            return Vec::new();
        }
        undefined.sort_by_key(|pending| pending.range.start());
        let mut places = Places::collect(hir, &self.known_from, &undefined);
        let mut known = KnownNames::new(hir, &self.known_from);
        undefined.into_iter().map(|pending| finding(hir, pending, &mut places, &mut known)).collect()
    }
}

/// `1e5`: the number that is meant, written out.
fn exponent(name: &str) -> Option<String> {
    let looks = name.starts_with(|c: char| c.is_ascii_digit() || c == '-') && name.contains(['e', 'E']);
    let number: f64 = name.parse().ok().filter(|number: &f64| looks && number.is_finite())?;
    Some(number.to_string()).filter(|number| number.len() <= 11)
}

fn finding(hir: &Hir, pending: &Pending, places: &mut Places, known: &mut KnownNames<'_>) -> Finding {
    let name = hir.name(pending.name);
    let mut message = format!("variable `{name}` is not defined");
    let mut related = Vec::new();
    let mut fixes = Vec::new();
    let places = places.of.remove(&pending.name).unwrap_or_default();
    if let Some((definer, range)) = places.defined {
        if definer == pending.instr {
            message.push_str(": an instruction does not define its own inputs");
        } else {
            message.push_str(" yet: it is defined further on, and a name counts only after its definition");
        }
        related.push(Related { range, message: format!("`{name}` is defined here").into() });
    } else {
        let mut replace = |other: &str| {
            fixes.push(Fix {
                title: format!("replace by `{other}`").into(),
                safe: false,
                edits: vec![TextEdit { range: pending.range, new_text: other.to_owned() }],
            });
        };
        // What stands to the left is known at the use.
        let akin = known.akin(name, pending.place);
        if let Some(number) = exponent(name) {
            message.push_str(": AIR has no numbers with an exponent");
            replace(&number);
        } else if let Some(other) = special(hir, pending, name).filter(|_| akin.is_none()) {
            message.push_str(&format!("; did you mean `{other}`, which AquaVM sets?"));
            replace(other);
        } else if let Some(other) = known.closest(name, pending.place) {
            message.push_str(&format!("; did you mean `{other}`?"));
            replace(other);
        } else if let Some(other) = akin {
            message.push_str(&match sigil(other) {
                "$" => format!("; there is the stream `{other}`: `canon` it first"),
                "%" => format!("; there is the stream map `{other}`: `canon` it first"),
                _ => format!("; did you mean `{other}`, which is another variable?"),
            });
        }
    }
    if places.count > MAX_RELATED {
        message.push_str(&format!(" ({} more uses)", places.count));
    }
    let more = places.more.into_iter();
    related.extend(more.map(|range| Related { range, message: format!("`{name}` is used here too").into() }));
    Finding {
        rule: Rule::UndefinedVariable,
        instr: pending.instr,
        name: Some(pending.name),
        range: pending.range,
        message,
        related,
        fixes,
    }
}

/// The value of AquaVM's own whose signs the author left out, where it may stand in the name's place.
fn special(hir: &Hir, pending: &Pending, name: &str) -> Option<&'static str> {
    let (value, is_error) = match name {
        "init_peer_id" => ("%init_peer_id%", false),
        "last_error" => ("%last_error%", true),
        "error" => (":error:", true),
        "timestamp" => ("%timestamp%", false),
        "ttl" => ("%ttl%", false),
        _ => return None,
    };
    let instr = hir.instr(pending.instr)?;
    let operand =
        hir.operands_of(instr).iter().find(|operand| operand.range.start() == pending.range.start())?;
    let has_lens = match operand.lens {
        None => true,
        Some(Lens::Path(_)) => is_error,
        Some(Lens::Length) => false,
    };
    let fits = match operand.role {
        Role::Argument | Role::Left | Role::Right => true,
        Role::Source => instr.kind == InstrKind::Ap,
        Role::Peer => value == "%init_peer_id%",
        _ => false,
    };
    (has_lens && fits).then_some(value)
}

/// Names that are defined somewhere, in order of where they become known: so that of thousands of undefined names
/// none looks at all of them.
struct KnownNames<'h> {
    /// By tag: where it becomes known, and the name.
    of_sigil: FxHashMap<&'static str, Vec<(Place, &'h str)>>,
    /// By what follows the tag.
    of_bare: FxHashMap<&'h str, Vec<(Place, &'h str)>>,
    closest: Closest,
}

impl<'h> KnownNames<'h> {
    fn new(hir: &'h Hir, known_from: &[Place]) -> KnownNames<'h> {
        let mut known = KnownNames {
            of_sigil: FxHashMap::default(),
            of_bare: FxHashMap::default(),
            closest: Closest::default(),
        };
        let mut all: Vec<_> =
            known_from.iter().copied().zip(hir.names()).filter(|(from, _)| *from != Place::MAX).collect();
        // Stable: what becomes known together stays in the text's order.
        all.sort_by_key(|(from, _)| *from);
        for (from, name) in all {
            known.of_sigil.entry(sigil(name)).or_default().push((from, name));
            known.of_bare.entry(bare(name)).or_default().push((from, name));
        }
        known
    }

    /// The closest name with the same tag.
    fn closest(&mut self, name: &str, at: Place) -> Option<&'h str> {
        let names = self.of_sigil.get(sigil(name))?;
        let known = names.partition_point(|(from, _)| *from <= at);
        // `node_2` is not a misspelt `node_1`. Asked of the one that was found: of all would be slow.
        let found = self.closest.to(name, names.iter().take(known).map(|(_, name)| *name));
        found.filter(|other| !is_numbered_apart(name, other))
    }

    /// The same name with another tag; canonicalised streams first, since they can be read at once.
    fn akin(&self, name: &str, at: Place) -> Option<&'h str> {
        let names = self.of_bare.get(bare(name))?;
        let known = names.iter().take_while(|(from, _)| *from <= at);
        known.map(|(_, name)| *name).min_by_key(|other| !other.starts_with('#'))
    }
}

/// Whether two names differ in digits only.
fn is_numbered_apart(name: &str, other: &str) -> bool {
    let letters = |name: &'_ str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let digits = |name: &'_ str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    !digits(name).is_empty() && !digits(other).is_empty() && letters(name) == letters(other)
}

/// The tag of a name, both spellings of canon streams taken as one.
fn sigil(name: &str) -> &'static str {
    if name.starts_with("#%") {
        "#%"
    } else if name.starts_with('#') {
        "#"
    } else if name.starts_with('$') {
        "$"
    } else if name.starts_with('%') {
        "%"
    } else {
        ""
    }
}

fn bare(name: &str) -> &str {
    name.trim_start_matches(['#', '$', '%'])
}

/// Calls `found` with every name that the operand makes AquaVM look up. Not looked up: the peer and
/// source of `canon`, the object of `fail`, the value put into a stream map, and everything after
/// `:error:` and `%last_error%`.
fn each_use(
    hir: &Hir,
    instr: &Instr,
    operand: &Operand,
    mut found: impl FnMut(NameId, &dyn Fn() -> TextRange),
) {
    let looked_up = match operand.role {
        Role::Peer => instr.kind == InstrKind::Call,
        Role::Source => instr.kind == InstrKind::Ap,
        Role::Service
        | Role::Function
        | Role::Argument
        | Role::Key
        | Role::Left
        | Role::Right
        | Role::Iterable => true,
        _ => false,
    };
    if !looked_up {
        return;
    }
    let Some(name) = operand.kind.name() else { return };
    found(name, &|| name_range(hir, operand));
    if let Some(lens) = &operand.lens {
        for accessor in hir.accessors_of(lens) {
            if let AccessorKind::Variable(name) = accessor.kind {
                found(name, &|| accessor.range);
            }
        }
    }
}

/// Where undefined names are defined and used, gathered in a second pass over rejected scripts.
struct Places {
    of: FxHashMap<NameId, PlacesOfName>,
}

#[derive(Default)]
struct PlacesOfName {
    /// The leftmost definition.
    defined: Option<(InstrId, TextRange)>,
    /// Other bad uses, [`MAX_RELATED`] at most.
    more: Vec<TextRange>,
    /// How many there are in all.
    count: usize,
}

impl Places {
    fn collect(hir: &Hir, known_from: &[Place], undefined: &[&Pending]) -> Places {
        let mut of: FxHashMap<NameId, PlacesOfName> = FxHashMap::default();
        let mut first = FxHashMap::default();
        for pending in undefined {
            of.insert(pending.name, PlacesOfName::default());
            first.insert(pending.name, pending.range);
        }
        for (index, instr) in hir.instrs.iter().enumerate() {
            let id = InstrId(index as u32);
            let place = super::place(instr);
            for operand in hir.operands_of(instr) {
                let defines = operand.role.is_write()
                    || (operand.role == Role::Iterator && instr.kind == InstrKind::Fold);
                if defines
                    && let Some(name) = operand.kind.name()
                    && let Some(places) = of.get_mut(&name)
                {
                    let range = name_range(hir, operand);
                    if places.defined.is_none_or(|(_, leftmost)| range.start() < leftmost.start()) {
                        places.defined = Some((id, range));
                    }
                }
                each_use(hir, instr, operand, |name, range| {
                    let Some(places) = of.get_mut(&name) else { return };
                    let bad = known_from.get(name.0 as usize).is_some_and(|known_from| *known_from > place);
                    if bad && first.get(&name) != Some(&range()) {
                        places.count += 1;
                        if places.more.len() < MAX_RELATED {
                            places.more.push(range());
                        }
                    }
                });
            }
        }
        Places { of }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn points_at_the_name() {
        check(
            r#"(seq
 (call "p" ("s" "f") [] user)
 (call uzer ("s" "f") [user]))"#,
            expect![[r#"
                |  (call uzer ("s" "f") [user]))
                |        ^^^^ UndefinedVariable: variable `uzer` is not defined; did you mean `user`?
                fix: replace by `user`: "(seq\n (call \"p\" (\"s\" \"f\") [] user)\n (call user (\"s\" \"f\") [user]))"
                AquaVM 36..64: variable 'uzer' wasn't defined
            "#]],
        );
    }

    #[test]
    fn points_into_lenses() {
        check(
            "(seq (ap 1 a) (ap a.$.x.[index]! b))",
            expect![[r#"
                | (seq (ap 1 a) (ap a.$.x.[index]! b))
                |                          ^^^^^ UndefinedVariable: variable `index` is not defined
                AquaVM 14..35: variable 'index' wasn't defined
            "#]],
        );
    }

    #[test]
    fn names_are_known_only_to_their_right() {
        check(
            r#"(par
 (ap x y)
 (ap 1 x))"#,
            expect![[r#"
                |  (ap x y)
                |      ^ UndefinedVariable: variable `x` is not defined yet: it is defined further on, and a name counts only after its definition
                |  (ap 1 x))
                |        - `x` is defined here
                AquaVM 6..14: variable 'x' wasn't defined
            "#]],
        );
    }

    #[test]
    fn structure_plays_no_part() {
        check(
            "(seq (xor (ap 1 x) (new y (null))) (par (ap x a) (seq (ap y b) (fold [] i (null)))))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn an_instruction_does_not_define_its_own_inputs() {
        check(
            "(ap x x)",
            expect![[r#"
                | (ap x x)
                |     ^ UndefinedVariable: variable `x` is not defined: an instruction does not define its own inputs
                | (ap x x)
                |       - `x` is defined here
                AquaVM 0..8: variable 'x' wasn't defined
            "#]],
        );
    }

    #[test]
    fn lists_further_uses() {
        check(
            r#"(seq (ap x a)
 (seq (match x x (null))
 (fold x i (next i))))"#,
            expect![[r#"
                | (seq (ap x a)
                |          ^ UndefinedVariable: variable `x` is not defined
                |  (seq (match x x (null))
                |              - `x` is used here too
                |  (seq (match x x (null))
                |                - `x` is used here too
                |  (fold x i (next i))))
                |        - `x` is used here too
                AquaVM 5..13: variable 'x' wasn't defined
            "#]],
        );
    }

    #[test]
    fn only_the_first_pending_use_is_tested() {
        check(
            r#"(match x 1 (new x (call "p" ("s" "f") [x])))"#,
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn a_body_does_not_define_for_its_head() {
        check(
            "(match x 1 (ap 1 x))",
            expect![[r#"
                | (match x 1 (ap 1 x))
                |        ^ UndefinedVariable: variable `x` is not defined yet: it is defined further on, and a name counts only after its definition
                | (match x 1 (ap 1 x))
                |                  - `x` is defined here
                AquaVM 0..20: variable 'x' wasn't defined
            "#]],
        );
    }

    #[test]
    fn some_places_are_not_looked_at() {
        check(
            r#"(seq (canon nobody $s #s) (seq (fail nothing) (seq (ap ("k" nowhere) %m) (ap :error:.$.[never] x))))"#,
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn folding_over_a_stream_needs_a_definition() {
        check(
            "(fold $s i (null))",
            expect![[r#"
                | (fold $s i (null))
                |       ^^ UndefinedVariable: variable `$s` is not defined
                AquaVM 0..18: variable '$s' wasn't defined
            "#]],
        );
    }

    #[test]
    fn tags_make_other_names() {
        check(
            r#"(seq (ap 1 $result)
 (seq (canon "p" $result #result)
 (seq (ap #$result a)
 (ap result b))))"#,
            expect![[r#"
                |  (seq (ap #$result a)
                |           ^^^^^^^^ UndefinedVariable: variable `#$result` is not defined; did you mean `#result`?
                fix: replace by `#result`: "(seq (ap 1 $result)\n (seq (canon \"p\" $result #result)\n (seq (ap #result a)\n (ap result b))))"
                AquaVM 60..75: variable '#$result' wasn't defined
                |  (ap result b))))
                |      ^^^^^^ UndefinedVariable: variable `result` is not defined; did you mean `#result`, which is another variable?
                AquaVM 77..90: variable 'result' wasn't defined
            "#]],
        );
    }

    #[test]
    fn values_of_aquavm_without_their_signs() {
        check(
            r#"(xor (call init_peer_id ("s" "f") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))"#,
            expect![[r#"
                | (xor (call init_peer_id ("s" "f") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))
                |            ^^^^^^^^^^^^ UndefinedVariable: variable `init_peer_id` is not defined; did you mean `%init_peer_id%`, which AquaVM sets?
                fix: replace by `%init_peer_id%`: "(xor (call %init_peer_id% (\"s\" \"f\") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))"
                AquaVM 5..40: variable 'init_peer_id' wasn't defined
                | (xor (call init_peer_id ("s" "f") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))
                |                                    ^^^ UndefinedVariable: variable `ttl` is not defined; did you mean `%ttl%`, which AquaVM sets?
                fix: replace by `%ttl%`: "(xor (call init_peer_id (\"s\" \"f\") [%ttl%]) (seq (ap error.$.message x) (fold last_error i (null))))"
                AquaVM 5..40: variable 'ttl' wasn't defined
                | (xor (call init_peer_id ("s" "f") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))
                |                                                   ^^^^^ UndefinedVariable: variable `error` is not defined; did you mean `:error:`, which AquaVM sets?
                fix: replace by `:error:`: "(xor (call init_peer_id (\"s\" \"f\") [ttl]) (seq (ap :error:.$.message x) (fold last_error i (null))))"
                AquaVM 46..68: variable 'error' wasn't defined
                | (xor (call init_peer_id ("s" "f") [ttl]) (seq (ap error.$.message x) (fold last_error i (null))))
                |                                                                            ^^^^^^^^^^ UndefinedVariable: variable `last_error` is not defined
                AquaVM 69..95: variable 'last_error' wasn't defined
            "#]],
        );
    }

    #[test]
    fn a_stream_must_be_canonicalised() {
        check(
            "(seq (ap 1 $all) (ap all x))",
            expect![[r#"
                | (seq (ap 1 $all) (ap all x))
                |                      ^^^ UndefinedVariable: variable `all` is not defined; there is the stream `$all`: `canon` it first
                AquaVM 17..27: variable 'all' wasn't defined
            "#]],
        );
    }

    #[test]
    fn given_names_are_defined() {
        check(
            r#"; air: given user $in
(seq (ap user x) (fold $in i (next i)))"#,
            expect![[r#"
                accepted
            "#]],
        );
    }
}
