//! Which known name a mistyped one was probably meant to be.

/// Names longer than this are not compared: they are not mistyped, and the cost grows with the square.
const MAX_NAME_BYTES: usize = 64;

/// Finds the closest of some names, with bounded work over all questions asked of it.
pub struct Closest {
    comparisons: usize,
}

impl Default for Closest {
    fn default() -> Closest {
        Closest { comparisons: 50_000 }
    }
}

impl Closest {
    /// Whether so many more comparisons can be afforded; they count as made.
    pub fn affordable(&mut self, comparisons: usize) -> bool {
        let rest = self.comparisons.checked_sub(comparisons);
        self.comparisons = rest.unwrap_or(0);
        rest.is_some()
    }

    /// The candidate that differs from the name by the fewest slips (a letter too many, too few,
    /// wrong, or two swapped), if these are few for its length; the first of several.
    pub fn to<'n>(&mut self, name: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        let length = name.len();
        if length > MAX_NAME_BYTES {
            return None;
        }
        let mut limit = (length / 3).clamp(1, 3);
        let mut found = None;
        for candidate in candidates {
            if !self.affordable(1) {
                break;
            }
            if candidate == name || candidate.len().abs_diff(length) > limit {
                continue;
            }
            let distance = strsim::osa_distance(name, candidate);
            if distance <= limit && (distance < length || length > 1) {
                found = Some(candidate);
                // Only a better one replaces it.
                match distance.checked_sub(1) {
                    Some(better) if better > 0 => limit = better,
                    _ => break,
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Closest;

    fn check(name: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(Closest::default().to(name, candidates.iter().copied()), expected);
    }

    #[test]
    fn takes_the_closest() {
        check("resutl", &["relay", "results", "result"], Some("result"));
        check("peer_id", &["peer-id", "x"], Some("peer-id"));
        check("x", &["y", "z"], None);
        check("xs", &["x"], Some("x"));
        check("relay", &["reply"], None);
    }

    #[test]
    fn bounds_its_work() {
        let names: Vec<String> = (0..1000).map(|number| format!("name{number}")).collect();
        let mut closest = Closest::default();
        for _ in 0..1000 {
            closest.to("nothing-like-it", names.iter().map(String::as_str));
        }
        assert!(!closest.affordable(1));
    }
}
