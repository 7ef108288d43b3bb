//! A policy in 32 bytes, so that the audit trail can name it.

use std::fmt;

use jiff::SignedDuration;
use ring::digest::{Context, SHA256};

use super::{Policy, Timeouts};
use crate::eligibility::Rule;
use crate::trust::GraceRule;

const LABEL: &[u8] = b"uketsuke/1 policy";

/// SHA-256 of everything in a [`Policy`]: which one a visit was judged by.
///
/// Two policies with the same digest accept the same. A later version of this crate
/// may have other defaults, and then its digest is another one. `Display` shows 64
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyDigest([u8; 32]);

impl PolicyDigest {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In hexadecimal digits.
impl fmt::Display for PolicyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Its beginning.
impl fmt::Debug for PolicyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "PolicyDigest({a:02x}{b:02x}{c:02x}{d:02x}..)")
    }
}

impl Policy {
    /// Names this policy in the audit trail: realm, roots with their algorithms and
    /// policies, the keys above the card face, by what a face is judged, terminal, every
    /// rule of advice, grace, time-outs, attempts, and whether a source of revocation
    /// data is asked (not what that knows).
    ///
    /// It says nothing of what isn't in a policy: the parts of the reception
    /// ([`Equipment`](crate::checkin::Equipment)), and the attempts that the
    /// [`FaceTally`](crate::face::FaceTally) has counted. A product that changes its
    /// parts keeps its own record of it.
    ///
    /// It is worked out once, and clones share it.
    ///
    /// ```
    /// use uketsuke::checkin::Policy;
    /// use uketsuke::trust::{GraceRule, TerminalId};
    ///
    /// let policy = Policy::production(TerminalId::new("desk-1")?);
    /// assert_eq!(policy.digest(), policy.clone().digest());
    /// assert_ne!(policy.digest(), policy.clone().with_grace(GraceRule::None).digest());
    /// # Ok::<(), uketsuke::trust::TerminalIdError>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> PolicyDigest {
        *self.digest.get_or_init(|| compute(self))
    }
}

/// Whatever is in a policy is taken apart here, so that nothing new is left out.
fn compute(policy: &Policy) -> PolicyDigest {
    let Policy {
        realms,
        roots,
        card_face_roots,
        match_policy,
        terminal,
        rules,
        grace,
        timeouts,
        face_limits,
        // Counts, and no rule.
        face_tally: _,
        face_tally_given: _,
        staff_attempts,
        revocation,
        digest: _,
    } = policy;
    let mut hashed = Fields::new();
    hashed.text(&realms.realm().to_string());
    hashed.list(&roots.parts(), |hashed, part| hashed.field(part));
    hashed.list(&card_face_roots.parts(), |hashed, part| hashed.field(part));
    let judged = match_policy.as_ref().map(|policy| policy.digest());
    hashed.field(judged.as_ref().map_or(&[][..], |digest| digest.as_bytes()));
    hashed.text(terminal.as_str());
    hashed.list(rules.rules(), rule);
    hashed.text(match grace {
        GraceRule::None => "none",
        GraceRule::EligibilityOnly => "eligibility-only",
    });
    hashed.list(&durations(timeouts), |hashed, duration| {
        hashed.field(&duration.as_nanos().to_be_bytes());
    });
    hashed.field(&[face_limits.attempts(), *staff_attempts]);
    hashed.field(&face_limits.pause().as_nanos().to_be_bytes());
    hashed.field(&[face_limits.overall()]);
    hashed.field(&[u8::from(revocation.is_some())]);
    hashed.finish()
}

const fn durations(timeouts: &Timeouts) -> [SignedDuration; 11] {
    let Timeouts {
        place_card,
        person,
        pin,
        card,
        centre,
        result,
        advice,
        take_card,
        abandon,
        challenge,
        visit,
    } = *timeouts;
    [
        place_card, person, pin, card, centre, result, advice, take_card, abandon, challenge, visit,
    ]
}

fn rule(hashed: &mut Fields, rule: &Rule) {
    let Rule {
        id,
        failures,
        conditions,
        from,
        to,
        rank,
        action,
        ja,
        en,
        source,
        last_verified,
    } = rule;
    hashed.text(id);
    hashed.list(failures, |hashed, failure| hashed.text(failure.code()));
    hashed.list(conditions, |hashed, condition| {
        // The names of variants, as derived.
        hashed.text(&format!("{condition:?}"));
    });
    for day in [from, to, last_verified] {
        hashed.text(&day.map_or(String::new(), |day| day.to_string()));
    }
    hashed.field(&rank.to_be_bytes());
    for text in [action.code(), ja, en, source] {
        hashed.text(text);
    }
}

/// Fields behind their lengths, and lists behind their counts: no two policies are
/// the same bytes.
struct Fields(Context);

impl Fields {
    fn new() -> Self {
        let mut fields = Self(Context::new(&SHA256));
        fields.field(LABEL);
        fields
    }

    fn field(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.field(text.as_bytes());
    }

    fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.count(list.len());
        for item in list {
            each(self, item);
        }
    }

    /// Nothing in memory is longer than that.
    fn count(&mut self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.0.update(&count.to_be_bytes());
    }

    fn finish(self) -> PolicyDigest {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.0.finish().as_ref()) {
            *to = *from;
        }
        PolicyDigest(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Arc, RwLock};

    use jiff::civil::date;

    use super::*;
    use crate::eligibility::{AgeGroup, Fact, Failure, RuleTable};
    use crate::face::{Attempts, FaceLimits, FaceTally, MatchPolicy};
    use crate::simulation::{Generation, VirtualPki};
    use crate::trust::{
        AlgorithmPolicy, CertificateUse, CrlSource, CvRoots, Root, Roots, TerminalId,
    };
    use crate::{Realm, Realms};

    fn desk(name: &str) -> TerminalId {
        TerminalId::new(name).unwrap()
    }

    fn policy() -> Policy {
        Policy::production(desk("desk-1"))
    }

    /// One policy for each thing that can differ.
    fn others() -> Vec<Policy> {
        let root =
            |generation| Root::new(VirtualPki::new().root(generation), Realm::Simulation).unwrap();
        let roots = [
            Roots::empty(),
            Roots::jpki_signing(),
            Roots::jpki_authentication().with_algorithms(AlgorithmPolicy::RSA_AND_P384),
            Roots::jpki_authentication().with(root(Generation::First)),
            Roots::jpki_authentication().with(root(Generation::Second)),
            more_policies(CertificateUse::Signing, "1.2.392.200149.8.5.1.1.40"),
            more_policies(CertificateUse::Authentication, "1.2.392.200149.8.5.1.1.40"),
            more_policies(CertificateUse::Signing, "1.2.392.200149.8.5.1.1.41"),
        ];
        let mut all: Vec<Policy> = roots
            .into_iter()
            .map(|roots| Policy::of(Realms::production(), roots, desk("desk-1")))
            .collect();
        all.push(Policy::of(
            Realms::jpki_test(),
            Roots::jpki_authentication(),
            desk("desk-1"),
        ));
        all.push(Policy::production(desk("desk-2")));
        all.push(policy().with_grace(GraceRule::None));
        all.push(policy().with_face_attempts(Attempts::new(4)));
        all.push(policy().with_face_limits(FaceLimits::with_pad()));
        let (pause, least) = (FaceLimits::PAUSE, FaceLimits::LEAST_PAUSE);
        all.push(policy().with_face_limits(FaceLimits::new(5, least, 50)));
        all.push(policy().with_face_limits(FaceLimits::new(5, pause, 49)));
        all.push(policy().with_match_policy(MatchPolicy::simulation()));
        all.push(policy().with_match_policy(MatchPolicy::simulation().accept_attended()));
        all.extend(card_face_roots().map(|roots| policy().with_card_face_roots(roots)));
        all.push(Policy {
            staff_attempts: 4,
            ..policy().changed()
        });
        all.push(policy().with_revocation(Arc::new(RwLock::new(CrlSource::new()))));
        all.extend(timeouts().map(|timeouts| policy().with_timeouts(timeouts)));
        all.extend(tables().into_iter().map(|rules| policy().with_rules(rules)));
        all
    }

    fn card_face_roots() -> impl Iterator<Item = CvRoots> {
        let without = |left_out: usize| {
            let all = CvRoots::production();
            let kept = all.iter().enumerate().filter(|(at, _)| *at != left_out);
            kept.map(|(_, root)| root.clone())
                .fold(CvRoots::empty(), CvRoots::with)
        };
        let whole = [
            CvRoots::empty(),
            CvRoots::jpki_test(),
            CvRoots::simulation(),
        ];
        whole.into_iter().chain((0..3).map(without))
    }

    fn more_policies(usage: CertificateUse, oid: &str) -> Roots {
        Roots::jpki_authentication()
            .with_policy(usage, Realm::Production, oid)
            .unwrap()
    }

    fn timeouts() -> impl Iterator<Item = Timeouts> {
        let fields: [fn(&mut Timeouts) -> &mut SignedDuration; 11] = [
            |t| &mut t.place_card,
            |t| &mut t.person,
            |t| &mut t.pin,
            |t| &mut t.card,
            |t| &mut t.centre,
            |t| &mut t.result,
            |t| &mut t.advice,
            |t| &mut t.take_card,
            |t| &mut t.abandon,
            |t| &mut t.challenge,
            |t| &mut t.visit,
        ];
        fields.into_iter().map(|field| {
            let mut timeouts = Timeouts::default();
            *field(&mut timeouts) += SignedDuration::from_nanos(1);
            timeouts
        })
    }

    fn tables() -> Vec<RuleTable> {
        let current = RuleTable::current();
        let first = current.rules().first().unwrap().clone();
        let changed = |change: &dyn Fn(&mut Rule)| {
            let mut rule = first.clone();
            change(&mut rule);
            current.clone().with(rule)
        };
        let day = Some(date(2031, 1, 2));
        let mut reversed = current.rules().to_vec();
        reversed.reverse();
        vec![
            RuleTable::new(reversed),
            current.clone().without(&first.id),
            changed(&|rule| rule.failures = vec![Failure::Internal].into()),
            changed(&|rule| rule.conditions = vec![].into()),
            changed(&|rule| *rule = rule.clone().when(Fact::Aged(AgeGroup::Child))),
            changed(&|rule| *rule = rule.clone().when(Fact::Aged(AgeGroup::Adult))),
            changed(&|rule| *rule = rule.clone().unless(Fact::Aged(AgeGroup::Adult))),
            changed(&|rule| rule.from = day),
            changed(&|rule| rule.to = day),
            changed(&|rule| rule.last_verified = day),
            changed(&|rule| rule.rank += 1),
            changed(&|rule| rule.action = crate::eligibility::Action::WaitHere),
            changed(&|rule| rule.ja.to_mut().push('。')),
            changed(&|rule| rule.en.to_mut().push('.')),
            changed(&|rule| rule.source.to_mut().push('.')),
        ]
    }

    #[test]
    fn whatever_differs_the_digest_does() {
        let mut seen = BTreeSet::from([policy().digest().to_string()]);
        let others = others();
        for policy in &others {
            assert!(seen.insert(policy.digest().to_string()), "{policy:?}");
        }
        assert!(others.len() > 45);
    }

    /// A digest that was worked out must not outlive the policy it was for.
    #[test]
    fn each_change_forgets_the_digest_before() {
        let changes: [fn(Policy) -> Policy; 8] = [
            |p| p.with_timeouts(timeouts().next().unwrap()),
            |p| p.with_rules(RuleTable::new(vec![])),
            |p| p.with_grace(GraceRule::None),
            |p| p.with_face_attempts(Attempts::new(1)),
            |p| p.with_face_limits(FaceLimits::with_pad()),
            |p| p.with_match_policy(MatchPolicy::simulation()),
            |p| p.with_card_face_roots(CvRoots::empty()),
            |p| p.with_revocation(Arc::new(RwLock::new(CrlSource::new()))),
        ];
        for change in changes {
            let before = policy();
            let digest = before.digest();
            let after = change(before.clone());
            assert_ne!(after.digest(), digest);
            assert_eq!(after.digest(), change(policy()).digest());
            assert_eq!(before.digest(), digest);
        }
    }

    /// Counts are no rule.
    #[test]
    fn a_tally_changes_nothing() {
        let tally = Arc::new(FaceTally::new().unwrap());
        assert_eq!(policy().with_face_tally(tally).digest(), policy().digest());
    }

    /// Nothing was measured where staff stand for a detector.
    #[test]
    fn ten_attempts_need_a_detector() {
        let limits = |policy: &Policy| {
            let limits = policy.face_limits();
            (
                limits.attempts(),
                limits.overall(),
                policy.face_attempts().left(),
            )
        };
        let many = policy().with_face_limits(FaceLimits::with_pad());
        assert_eq!(limits(&many), (10, 100, 10));
        let many = many.with_match_policy(MatchPolicy::simulation());
        assert_eq!(limits(&many), (10, 100, 10));
        let attended = MatchPolicy::simulation().accept_attended();
        let attended = many.clone().with_match_policy(attended);
        assert_eq!(limits(&attended), (5, 50, 5));
        assert_eq!(
            limits(&attended.with_face_attempts(Attempts::new(3))),
            (3, 50, 3)
        );
        assert_eq!(limits(&policy()), (5, 50, 5));
        assert_eq!(
            limits(&policy().with_face_attempts(Attempts::with_pad())),
            (10, 100, 10)
        );
    }

    #[test]
    fn the_order_of_roots_does_not_matter() {
        let root =
            |generation| Root::new(VirtualPki::new().root(generation), Realm::Simulation).unwrap();
        let of = |roots| Policy::of(Realms::simulation(), roots, desk("a")).digest();
        let (first, second) = (root(Generation::First), root(Generation::Second));
        let one = Roots::empty().with(first.clone()).with(second.clone());
        let other = Roots::empty().with(second).with(first.clone()).with(first);
        assert_eq!(of(one), of(other));
    }
}
