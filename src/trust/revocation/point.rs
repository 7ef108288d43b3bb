//! Distribution points: where a certificate's list is, and what a list is about.

use der::{Tag, TagNumber};

use crate::trust::{
    CertificateError,
    cursor::{Cursor, Element},
    extension::Extension,
};

/// Most names that are looked at; a JPKI certificate has one.
const MOST_NAMES: usize = 8;

/// Full names of distribution points, each a whole GeneralName.
#[derive(Clone, Copy, Default)]
pub(super) struct Points<'a> {
    names: [&'a [u8]; MOST_NAMES],
    count: usize,
}

impl<'a> Points<'a> {
    /// Of cRLDistributionPoints (RFC 5280 §4.2.1.13). The extension isn't
    /// critical: what can't be read, or is too many, names nothing, and then
    /// only a list of all certificates of the issuer says anything.
    pub(super) fn of_certificate(extension: &Extension<'a>) -> Self {
        Self::read(extension).unwrap_or_default()
    }

    fn read(extension: &Extension<'a>) -> Result<Self, CertificateError> {
        const NAME: &str = "cRLDistributionPoints";
        let mut found = Self::default();
        let mut points = extension.element(NAME, Tag::Sequence)?.inside(NAME)?;
        while !points.is_finished() {
            let mut parts = points.next(NAME, Tag::Sequence)?.inside(NAME)?;
            let point = parts.next_if(NAME, context(0, true))?;
            // Beside it: reasons [1] and cRLIssuer [2], which make it one of some
            // reasons, or of an indirect list. Neither is asked.
            if let (Some(point), true) = (point, parts.is_finished()) {
                found.add(&point, NAME)?;
            }
        }
        Ok(found)
    }

    /// `point`: `[0] DistributionPointName`, a choice and so explicitly tagged.
    pub(super) fn add(
        &mut self,
        point: &Element<'a>,
        name: &'static str,
    ) -> Result<(), CertificateError> {
        let mut inside = point.inside(name)?;
        let full = inside
            .next_if(name, context(0, true))?
            .ok_or(CertificateError::Profile {
                position: point.position,
                element: name,
                why: "names a point relative to the issuer, which isn't read",
            })?;
        inside.finish(name)?;
        let mut names = full.inside(name)?;
        while !names.is_finished() {
            let position = names.position();
            let bytes = names.any(name)?.bytes;
            *self
                .names
                .get_mut(self.count)
                .ok_or(CertificateError::Profile {
                    position,
                    element: name,
                    why: "too many names",
                })? = bytes;
            self.count += 1;
        }
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.names.into_iter().take(self.count)
    }
}

/// What a list is about (issuingDistributionPoint, RFC 5280 §5.2.5).
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// No name: all certificates of the issuer.
    pub(super) points: Points<'a>,
}

impl<'a> Scope<'a> {
    pub(super) fn parse(extension: &Extension<'a>) -> Result<Self, CertificateError> {
        const NAME: &str = "issuingDistributionPoint";
        let sequence = extension.element(NAME, Tag::Sequence)?;
        let mut parts = sequence.inside(NAME)?;
        let mut points = Points::default();
        if let Some(point) = parts.next_if(NAME, context(0, true))? {
            points.add(&point, NAME)?;
            if points.count == 0 {
                return Err(refuse(&point, "has an empty name"));
            }
        }
        // DEFAULT FALSE: only TRUE may be written.
        let mut set = |number, why: &'static str| -> Result<(), CertificateError> {
            match parts.next_if(NAME, context(number, false))? {
                None => Ok(()),
                Some(flag) if flag.value == [0xff] && why.is_empty() => Ok(()),
                Some(flag) if flag.value == [0xff] || number == 3 => Err(refuse(&flag, why)),
                Some(flag) => Err(refuse(&flag, "has a flag that isn't TRUE")),
            }
        };
        set(1, "")?;
        set(2, "is for CA certificates only")?;
        set(3, "is for some reasons only")?;
        set(4, "is an indirect list")?;
        set(5, "is for attribute certificates only")?;
        parts.finish(NAME)?;
        Ok(Self { points })
    }
}

fn refuse(at: &Element<'_>, why: &'static str) -> CertificateError {
    CertificateError::Profile {
        position: at.position,
        element: "issuingDistributionPoint",
        why,
    }
}

pub(super) const fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific {
        constructed,
        number: TagNumber(number),
    }
}

/// One element and nothing behind it.
pub(super) fn only<'a>(
    cursor: &mut Cursor<'a>,
    name: &'static str,
    tag: Tag,
) -> Result<Element<'a>, CertificateError> {
    let found = cursor.next(name, tag)?;
    cursor.clone().finish(name)?;
    Ok(found)
}
