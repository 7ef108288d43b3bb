//! Results as FHIR R4 (4.0.1) JSON, for other systems of the house. Feature `fhir`.
//!
//! [`Export`] makes a `Bundle` of type `collection` from one [`Report`]:
//!
//! | resource | from |
//! |---|---|
//! | `CoverageEligibilityRequest` | the question; tagged as made up where a reader's result came by itself ([`Origin::Feed`]) |
//! | `CoverageEligibilityResponse` | the three layers of the answer, each also as an extension with the code as sent |
//! | `Coverage` | each insurance found: symbol, number and branch as JP Core's extensions, 被保険者個人識別子, kind, period, share |
//! | `Patient` | name, kana, sex, birth date; 照会番号 as the clinic's own number |
//! | `Organization` | the institution that asked, and each insurer |
//!
//! | answer | `outcome` | `insurance.inforce` | `Coverage.status` |
//! |---|---|---|---|
//! | 有効, 有効（未登録） | `complete` | `true` | `active` |
//! | 無効, 無効（新しい資格あり） | `complete` | `false` | `cancelled` |
//! | 該当資格なし, 複数該当 | `error`, the validity in `error.code` | left out | `draft` |
//! | nothing or something unknown about the validity; valid, but not exactly one result | `partial` | left out | `draft` |
//! | 処理中 | `queued` | left out | `draft` |
//! | 異常終了, エラー | `error`, the centre's code in `error.code` | left out | `draft` |
//!
//! `disposition` has the words of the validity and the centre's message. What was
//! not said is left out; where R4 wants a reference all the same, it has an
//! extension that says so. Identifiers and extensions are those of JP Core, which
//! has no profile for eligibility, so no profile is claimed. Consents, limit
//! certificates, specific diseases and tickets are not exported.
//!
//! The JSON is personal data. It is made by an explicit call only, and its type
//! prints nothing and is wiped.
//!
//! ```
//! use uketsuke::Realm;
//! use uketsuke::eligibility::fhir::{BundleId, Export, Origin};
//! use uketsuke::eligibility::{InstitutionCode, Qualification, QualificationValidity, Report};
//!
//! let report = Report {
//!     validity: Some(QualificationValidity::Valid),
//!     results: vec![Qualification::new("見本　花子", "19800401")],
//!     ..Report::normal()
//! };
//! let institution = InstitutionCode::parse("1319999999").ok_or("no institution code")?;
//! let at = "2026-11-05T00:15:02Z".parse()?;
//! let origin = Origin::Feed { received: at };
//! let bundle = Export::new(&report, &institution, origin, Realm::Production)
//!     .bundle(BundleId::from_bytes([7; 16]))?;
//! assert!(bundle.json().contains("\"inforce\":true"));
//! assert_eq!(format!("{bundle:?}"), "Bundle(..)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::io;

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{InstitutionCode, Report};
use crate::Realm;

mod build;
mod element;
mod node;
mod resources;
mod systems;

/// How the answer came, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// This place asked.
    Asked {
        /// When.
        asked: Timestamp,
        /// When the answer arrived.
        received: Timestamp,
    },
    /// The result of a card check-in came by itself: there was no question of this
    /// place's software, so the exported one is made up, and tagged so.
    Feed {
        /// When it arrived.
        received: Timestamp,
    },
}

/// What makes the ids of a bundle's entries unique: 16 random bytes. The same bytes
/// and the same report make the same bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleId([u8; 16]);

impl BundleId {
    /// From the operating system's random numbers.
    ///
    /// # Errors
    /// There are none.
    pub fn generate() -> Result<Self, FhirError> {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| FhirError::Random)?;
        Ok(Self(bytes))
    }

    /// From bytes of one's own, which must be unique to this bundle.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The UUID (version 4) of one entry.
    fn entry(self, number: u32) -> String {
        let mut uuid = u128::from_be_bytes(self.0) ^ u128::from(number);
        uuid = uuid & !(0xf << 76) | 4 << 76;
        uuid = uuid & !(0b11 << 62) | 0b10 << 62;
        let hex = format!("{uuid:032x}");
        let part = |range| hex.get(range).unwrap_or_default();
        let (a, b, c, d, e) = (
            part(0..8),
            part(8..12),
            part(12..16),
            part(16..20),
            part(20..32),
        );
        format!("{a}-{b}-{c}-{d}-{e}")
    }
}

/// One report, ready to be written as FHIR.
#[derive(Clone, Copy)]
pub struct Export<'a> {
    report: &'a Report,
    institution: &'a InstitutionCode,
    institution_name: Option<&'a str>,
    origin: Origin,
    realm: Realm,
}

impl<'a> Export<'a> {
    /// Of a report that this institution got, in the world that the report is of.
    /// Everything of another one than [`Realm::Production`] is tagged as test data
    /// (`HTEST`).
    #[must_use]
    pub const fn new(
        report: &'a Report,
        institution: &'a InstitutionCode,
        origin: Origin,
        realm: Realm,
    ) -> Self {
        Self {
            report,
            institution,
            institution_name: None,
            origin,
            realm,
        }
    }

    /// With the institution's name.
    #[must_use]
    pub const fn institution_name(mut self, name: &'a str) -> Self {
        self.institution_name = Some(name);
        self
    }

    /// Writes the bundle. From here on it is the caller who hands personal data on.
    ///
    /// # Errors
    /// A time of [`Origin`] that FHIR can't write (before the year 1).
    pub fn bundle(&self, id: BundleId) -> Result<Bundle, FhirError> {
        let tree = build::bundle(self, id)?;
        // Counted first, so that the text never moves and leaves a copy behind.
        let mut length = Counter(0);
        serde_json::to_writer(&mut length, &tree).map_err(|_| FhirError::Write)?;
        let mut json = Zeroizing::new(Vec::with_capacity(length.0));
        serde_json::to_writer(&mut *json, &tree).map_err(|_| FhirError::Write)?;
        Ok(Bundle(json))
    }
}

impl fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Export(..)")
    }
}

/// A FHIR `Bundle` as JSON. Personal: it prints nothing, and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Bundle(Zeroizing<Vec<u8>>);

impl Bundle {
    /// The JSON, without line breaks.
    #[must_use]
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The same as UTF-8, as for a file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bundle(..)")
    }
}

/// Why there is no bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FhirError {
    /// The operating system gave no random numbers.
    #[error("no random numbers from the operating system")]
    Random,
    /// A time is outside of the years 1 to 9999.
    #[error("a time of the export is outside of the years 1 to 9999")]
    Time,
    /// The JSON could not be written.
    #[error("the JSON could not be written")]
    Write,
}

/// Counts what is written.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
