//! The four attributes in a signing certificate.

use crate::simulation::persona::Persona;

/// Whose signing certificate it is.
pub(in crate::simulation) struct Holder {
    pub(super) name: &'static str,
    /// A digit for the era (3 is Shōwa) and the day in Gregorian years.
    pub(super) birth: String,
    pub(super) sex: &'static str,
    pub(super) address: &'static str,
}

impl Holder {
    pub(in crate::simulation) fn of(persona: &Persona) -> Self {
        // Eras by their first days. 3 was seen; 4 and 5 follow from it.
        let era = match persona.birthdate {
            day if day >= "20190501" => '5',
            day if day >= "19890108" => '4',
            _ => '3',
        };
        Self {
            name: persona.holder_name,
            birth: format!("{era}{}", persona.birthdate),
            sex: persona.sex,
            address: persona.address,
        }
    }

    /// Somebody who doesn't exist and has no persona.
    pub(super) fn nobody() -> Self {
        Self {
            name: "見本　花子",
            birth: "319800217".to_owned(),
            sex: "2",
            address: "見本県模擬市受付町一丁目２番地の３",
        }
    }
}
