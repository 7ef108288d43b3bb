mod digest;

use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::Phones;
use crate::eligibility::RuleTable;
use crate::face::{Attempts, FaceLimits, FaceTally, MatchPolicy};
use crate::trust::{
    ChainValidated, CvRoots, GraceRule, RevocationAnswer, RevocationSource, Roots, TerminalId,
};
use crate::{Realm, Realms};

pub use digest::PolicyDigest;

/// How long each step waits for a person, the centre or the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a card to be placed, or a phone to be held to its reader.
    pub place_card: SignedDuration,
    /// For an answer to a question on the screen.
    pub person: SignedDuration,
    /// For the PIN to be typed.
    pub pin: SignedDuration,
    /// For one task on the card, the phone or the camera.
    pub card: SignedDuration,
    /// For the centre's answer.
    pub centre: SignedDuration,
    /// For the result, or a notice, to be read.
    pub result: SignedDuration,
    /// For the advice to be read, where a visit isn't accepted.
    pub advice: SignedDuration,
    /// Until "take your card" becomes an alarm.
    pub take_card: SignedDuration,
    /// Until a card that nobody takes ends the visit all the same.
    pub abandon: SignedDuration,
    /// Validity of the challenge, and of its signature until the last question
    /// is answered.
    pub challenge: SignedDuration,
    /// For the whole visit, however often the person goes back.
    pub visit: SignedDuration,
}

impl Default for Timeouts {
    /// Real readers' time-outs aren't public; these are chosen so that a
    /// nervous person isn't hurried.
    fn default() -> Self {
        Self {
            place_card: SignedDuration::from_secs(120),
            person: SignedDuration::from_secs(90),
            pin: SignedDuration::from_secs(90),
            card: SignedDuration::from_secs(60),
            centre: SignedDuration::from_secs(30),
            result: SignedDuration::from_secs(20),
            advice: SignedDuration::from_secs(90),
            take_card: SignedDuration::from_secs(10),
            abandon: SignedDuration::from_secs(300),
            challenge: SignedDuration::from_secs(600),
            visit: SignedDuration::from_secs(1_200),
        }
    }
}

/// What the reception accepts.
///
/// A policy accepts one [`Realm`]; parts of any other are neither offered nor
/// believed. A clone shares roots, rules and source with the policy it is of.
///
/// Attempts (of the face, five; of the staff's passcode, five) are counted within a
/// visit. Those of the face are counted for each card too, over all visits under this
/// policy and its clones, in memory ([`FaceTally`], [`FaceLimits`]): putting the card
/// back resets neither count nor pause. Who limits those of the passcode over many
/// visits is the product, at the [`StaffPasscodeSource`](super::StaffPasscodeSource); the
/// PIN's tries are the card's.
#[derive(Clone, Debug)]
pub struct Policy {
    realms: Realms,
    roots: Arc<Roots>,
    card_face_roots: Arc<CvRoots>,
    terminal: TerminalId,
    rules: Arc<RuleTable>,
    grace: GraceRule,
    timeouts: Timeouts,
    match_policy: Option<Arc<MatchPolicy>>,
    face_limits: FaceLimits,
    /// `None` where the system gave no random key: then no face is compared.
    face_tally: Option<Arc<FaceTally>>,
    /// By the caller.
    face_tally_given: bool,
    staff_attempts: u8,
    revocation: Option<SharedSource>,
    /// Computed once for all visits under this policy.
    digest: Arc<OnceLock<PolicyDigest>>,
}

/// A source that all visits under one policy ask.
#[derive(Clone)]
struct SharedSource(Arc<dyn RevocationSource + Send + Sync>);

/// Shows nothing of what the source knows.
impl fmt::Debug for SharedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevocationSource(..)")
    }
}

impl Policy {
    /// Real cards, the JPKI roots, nothing simulated. For real phones it knows too little:
    /// see [`of`](Self::of).
    #[must_use]
    pub fn production(terminal: TerminalId) -> Self {
        Self::of(Realms::production(), Roots::jpki_authentication(), terminal)
    }

    /// A policy for one realm and its roots.
    ///
    /// It counts face attempts by itself, from nothing: make it once, not for each visit,
    /// and for further desks clone it or [share its count](Self::with_face_tally). Desks
    /// of one [`Lanes`](super::lanes::Lanes) count together anyway.
    ///
    /// So for production with phones (スマートフォンのマイナンバーカード). Their certificates bear
    /// another policy identifier than the cards', as far as is reported, which isn't known here:
    /// it comes from whoever gave you the specification. Without it a visit with such a phone ends as
    /// [`PhoneCertificateInvalid`](crate::eligibility::Failure::PhoneCertificateInvalid), after
    /// its holder typed the PIN; the key for phones is offered all the same.
    ///
    /// ```
    /// use uketsuke::checkin::Policy;
    /// use uketsuke::trust::{CertificateUse, Roots, TerminalId};
    /// use uketsuke::{Realm, Realms};
    ///
    /// # let from_your_settings = "1.3.6.1.4.1.32473.1";
    /// let roots = Roots::jpki_authentication().with_policy(
    ///     CertificateUse::Authentication,
    ///     Realm::Production,
    ///     from_your_settings,
    /// )?;
    /// let terminal = TerminalId::new("desk-1")?;
    /// let policy = Policy::of(Realms::production(), roots, terminal.clone());
    /// // The audit trail tells it from one without phones.
    /// assert_ne!(policy.digest(), Policy::production(terminal).digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(realms: Realms, roots: Roots, terminal: TerminalId) -> Self {
        let card_face_roots = match realms.realm() {
            Realm::Production => CvRoots::production(),
            Realm::JpkiTest => CvRoots::jpki_test(),
            // They are the simulation's to name.
            Realm::Simulation => CvRoots::empty(),
        };
        Self {
            realms,
            roots: Arc::new(roots),
            card_face_roots: Arc::new(card_face_roots),
            match_policy: None,
            terminal,
            rules: Arc::new(RuleTable::current()),
            grace: GraceRule::EligibilityOnly,
            timeouts: Timeouts::default(),
            face_limits: FaceLimits::without_pad(),
            face_tally: FaceTally::new().map(Arc::new),
            face_tally_given: false,
            staff_attempts: 5,
            revocation: None,
            digest: Arc::default(),
        }
    }

    /// With no digest yet. Every `with_…` ends here.
    fn changed(self) -> Self {
        Self {
            digest: Arc::default(),
            ..self
        }
    }

    /// With other time-outs.
    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }.changed()
    }

    /// With another table of rules for the advice.
    #[must_use]
    pub fn with_rules(self, rules: RuleTable) -> Self {
        let rules = Arc::new(rules);
        Self { rules, ..self }.changed()
    }

    /// With or without the three months' grace of a lapsed certificate.
    #[must_use]
    pub fn with_grace(self, grace: GraceRule) -> Self {
        Self { grace, ..self }.changed()
    }

    /// With other keys above those of the municipalities, under which the card's photo
    /// is proved; by default those of the policy's realm that
    /// [`CvRoots`] embeds.
    #[must_use]
    pub fn with_card_face_roots(self, roots: CvRoots) -> Self {
        let card_face_roots = Arc::new(roots);
        Self {
            card_face_roots,
            ..self
        }
        .changed()
    }

    /// With the face (顔認証), as this policy judges it. Without one it isn't offered.
    ///
    /// The audit trail names it, with its threshold and what that was measured with,
    /// before the first face of a visit is compared.
    #[must_use]
    pub fn with_match_policy(self, policy: MatchPolicy) -> Self {
        let match_policy = Some(Arc::new(policy));
        Self {
            match_policy,
            ..self
        }
        .changed()
    }

    /// With another number of face attempts, in a visit and with a card before its
    /// pause: five by default. More than five are for a desk whose detector was tested
    /// (ISO/IEC 30107-3), which the caller says with it; the pause is that of
    /// [`FaceLimits::without_pad`] and [`FaceLimits::with_pad`], and so are the attempts
    /// in all.
    #[must_use]
    pub fn with_face_attempts(self, attempts: Attempts) -> Self {
        let limits = if attempts.left() > Attempts::MAX_WITHOUT_PAD {
            FaceLimits::with_pad()
        } else {
            FaceLimits::without_pad()
        };
        self.with_face_limits(FaceLimits::new(
            attempts.left(),
            limits.pause(),
            limits.overall(),
        ))
    }

    /// With other limits of face attempts with one card: five, then one every ten
    /// minutes, fifty in all by default. A visit has as many as come before the pause.
    ///
    /// More than five, and more than fifty in all, are for a desk whose detector was
    /// tested (ISO/IEC 30107-3). Where the match policy lets
    /// [staff stand for a detector](MatchPolicy::accept_attended), no more than these
    /// count, whatever is said here.
    #[must_use]
    pub fn with_face_limits(self, face_limits: FaceLimits) -> Self {
        Self {
            face_limits,
            ..self
        }
        .changed()
    }

    /// Counts attempts together with another policy, as clones do: for desks with
    /// policies of their own in one program. Without it each policy that isn't a clone
    /// gives a card its attempts anew. [`Lanes`](super::lanes::Lanes) do it by themselves.
    #[must_use]
    pub fn with_face_tally(self, tally: Arc<FaceTally>) -> Self {
        // Counts are no rule, so by its digest it is the same policy.
        Self {
            face_tally: Some(tally),
            face_tally_given: true,
            ..self
        }
    }

    /// With a source of revocation data (失効情報) that each certificate is asked
    /// about: when it was read, and again before the visit is accepted.
    ///
    /// A certificate that the source calls revoked ends the visit with
    /// [`Failure::CertificateRevoked`](crate::eligibility::Failure::CertificateRevoked),
    /// before a PIN is asked for. Whether the source calls it good or doesn't know,
    /// the centre is asked, and only its own answer about this certificate lets
    /// anybody in; the source can refuse, not admit.
    ///
    /// The machine asks in between two steps, so the source has to answer at once.
    /// Lists are replaced while receptions go on by keeping the other half of an
    /// `Arc<RwLock<CrlSource>>`:
    ///
    /// ```
    /// use std::sync::{Arc, RwLock};
    /// use uketsuke::Realm;
    /// use uketsuke::checkin::Policy;
    /// use uketsuke::simulation::{CrlSpec, Generation, VirtualPki};
    /// use uketsuke::trust::{CrlIndex, CrlSource, Root, TerminalId};
    ///
    /// let lists = Arc::new(RwLock::new(CrlSource::new()));
    /// let policy = Policy::simulation(TerminalId::new("desk-1")?).with_revocation(lists.clone());
    ///
    /// // Whenever one was fetched, on whatever thread:
    /// # let (pki, now) = (VirtualPki::new(), "2026-11-24T00:00:00Z".parse()?);
    /// # let fetched = pki.crl(&CrlSpec::new(Generation::Third, now));
    /// let root = Root::new(pki.root(Generation::Third), Realm::Simulation)?;
    /// let list = CrlIndex::build(&fetched, &root, now)?;
    /// lists.write().map_err(|_| "poisoned")?.add(list)?;
    /// # assert!(format!("{policy:?}").contains("RevocationSource(..)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_revocation(self, source: Arc<dyn RevocationSource + Send + Sync>) -> Self {
        Self {
            revocation: Some(SharedSource(source)),
            ..self
        }
        .changed()
    }

    /// The realm accepted.
    #[must_use]
    pub const fn realms(&self) -> Realms {
        self.realms
    }

    /// The roots.
    #[must_use]
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// The keys under which the card's photo is proved.
    #[must_use]
    pub fn card_face_roots(&self) -> &CvRoots {
        &self.card_face_roots
    }

    /// By what a face is judged, if it is.
    #[must_use]
    pub fn match_policy(&self) -> Option<&MatchPolicy> {
        self.match_policy.as_deref()
    }

    /// The terminal's name, part of every challenge.
    #[must_use]
    pub const fn terminal(&self) -> &TerminalId {
        &self.terminal
    }

    /// The rules behind the advice.
    #[must_use]
    pub fn rules(&self) -> &RuleTable {
        &self.rules
    }

    /// The rule for lapsed certificates.
    #[must_use]
    pub const fn grace(&self) -> GraceRule {
        self.grace
    }

    /// The time-outs.
    #[must_use]
    pub const fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    /// What the source says about this certificate; `None` without a source.
    pub(super) fn revocation(
        &self,
        chain: &ChainValidated,
        now: Timestamp,
    ) -> Option<RevocationAnswer> {
        let source = self.revocation.as_ref()?;
        Some(chain.ask(&*source.0, now))
    }

    /// In a visit.
    pub(super) fn face_attempts(&self) -> Attempts {
        Attempts::new(self.face_limits().attempts())
    }

    /// With a card. Nothing was measured where staff stand for a detector.
    pub(super) fn face_limits(&self) -> FaceLimits {
        let (limits, most) = (self.face_limits, FaceLimits::without_pad());
        match &self.match_policy {
            Some(policy) if policy.accepts_attended() => FaceLimits::new(
                limits.attempts().min(most.attempts()),
                limits.pause(),
                limits.overall().min(most.overall()),
            ),
            _ => limits,
        }
    }

    pub(super) fn face_tally(&self) -> Option<&FaceTally> {
        self.face_tally.as_deref()
    }

    pub(super) fn shared_face_tally(&self) -> Option<Arc<FaceTally>> {
        self.face_tally.clone()
    }

    /// Whether it is the caller's word by what is counted.
    pub(super) const fn face_tally_given(&self) -> bool {
        self.face_tally_given
    }

    pub(super) const fn staff_attempts(&self) -> u8 {
        self.staff_attempts
    }
}

/// What this reception has. The machine offers nothing beyond it. By default there
/// is nothing; write `Equipment { .., ..Equipment::pin_only(realm) }`, since more may
/// come with the next version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equipment {
    /// Realm of the eligibility service, `None` if there is none.
    pub service: Option<Realm>,
    /// Realm of the PIN-less provider: without one neither face nor staff check
    /// is offered.
    pub pinless: Option<Realm>,
    /// Realm of camera, matcher, detector and number reader, if they share one and the
    /// policy's record [is of the matcher](MatchPolicy::is_calibrated_for).
    pub face: Option<Realm>,
    /// Realm of the passcode source for the staff check (目視確認).
    pub staff: Option<Realm>,
    /// What there is for phones (スマートフォンのマイナンバーカード), which are optional for
    /// clinics; `None` if there is no reader for them.
    pub phone: Option<Phones>,
    /// The service can register a card as an insurance card (利用登録).
    pub registration: bool,
    /// The service takes the choice of prescription (処方箋の発行形態), and this place
    /// writes electronic ones.
    pub prescription: bool,
    /// The service takes the consent to subsidies (医療費助成, PMH).
    pub subsidies: bool,
    /// Whether cards are checked at all.
    pub mode: Mode,
}

/// Whether cards are checked here now. It is set before a visit: a visit under way
/// ends as it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Mode {
    /// They are.
    #[default]
    Normal,
    /// The centre is out of order everywhere, and the call centre has opened the mode
    /// for it (システム障害時モード): staff look people up by name. A visit ends at once,
    /// with that advice.
    SystemOutage,
    /// The ministry has opened the mode for disasters (災害時モード) for this region:
    /// staff look people up without a card. A visit ends at once, with that advice.
    Disaster,
}

impl Equipment {
    /// A reader and a service of `realm` that can register: PIN only.
    #[must_use]
    pub const fn pin_only(realm: Realm) -> Self {
        Self {
            service: Some(realm),
            pinless: None,
            face: None,
            staff: None,
            phone: None,
            registration: true,
            prescription: false,
            subsidies: false,
            mode: Mode::Normal,
        }
    }
}
