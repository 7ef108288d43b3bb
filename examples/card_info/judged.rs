//! Where a certificate is in its life.

use jiff::Timestamp;
use serde_json::{Value, json};
use uketsuke::eligibility::Lang;
use uketsuke::trust::{Certificate, CertificateError, GraceRule, Roots, Standing, TrustError};
use uketsuke::{Realm, Realms};

pub struct Judged {
    /// The realm whose root it leads to, or why to none.
    standing: Result<(Realm, Standing), String>,
    /// First and last instant.
    valid: Result<(Timestamp, Timestamp), CertificateError>,
}

impl Judged {
    pub fn of(der: &[u8]) -> Self {
        let now = Timestamp::now();
        let judge = |roots: &Roots, realms, realm| {
            roots
                .check_authentication(der, realms, now, GraceRule::EligibilityOnly)
                .map(|(standing, _)| (realm, standing))
        };
        let standing = judge(
            &Roots::jpki_authentication(),
            Realms::production(),
            Realm::Production,
        )
        .or_else(|real| {
            let simulated = judge(
                &Roots::simulation(),
                Realms::simulation(),
                Realm::Simulation,
            );
            // Of two refusals, that of the world it is from tells more.
            simulated.map_err(|error| match error {
                TrustError::UnknownIssuer => real,
                error => error,
            })
        });
        Self {
            standing: standing.map_err(|error| error.to_string()),
            valid: Certificate::parse(der)
                .map(|certificate| (certificate.not_before(), certificate.not_after())),
        }
    }

    pub fn text(&self, lang: Lang) -> String {
        let word = |ja, en| match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        match (&self.standing, &self.valid) {
            (Ok((realm, Standing::InForce)), _) => {
                format!("{} ({realm})", word("有効", "in force"))
            }
            (Ok((realm, Standing::Expiring { not_after })), _) => {
                format!(
                    "{} {not_after} ({realm})",
                    word("まもなく期限:", "ends soon:")
                )
            }
            (Ok((realm, Standing::Grace { until })), _) => {
                let lapsed = word(
                    "期限切れ、資格確認のみ可:",
                    "lapsed, eligibility only until",
                );
                format!("{lapsed} {until} ({realm})")
            }
            (Err(error), Ok((from, to))) => format!("{error} ({from} – {to})"),
            (Err(error), Err(unreadable)) => format!("{error} ({unreadable})"),
            (Ok((realm, standing)), _) => format!("{standing:?} ({realm})"),
        }
    }

    pub fn json(&self) -> Value {
        let (standing, until) = match &self.standing {
            Ok((_, Standing::InForce)) => ("in-force", None),
            Ok((_, Standing::Expiring { not_after })) => ("expiring", Some(*not_after)),
            Ok((_, Standing::Grace { until })) => ("grace", Some(*until)),
            _ => ("not-accepted", None),
        };
        let valid = self.valid.as_ref().ok();
        json!({
            "standing": standing,
            "until": until.map(|time| time.to_string()),
            "realm": self.standing.as_ref().ok().map(|(realm, _)| realm),
            "error": self.standing.as_ref().err(),
            "not_before": valid.map(|(from, _)| from.to_string()),
            "not_after": valid.map(|(_, to)| to.to_string()),
        })
    }
}
