//! Elements whose children are known by name, in any order.

use std::borrow::Cow;

use super::error::ReadError;
use crate::eligibility::xml::XmlReader;

/// The values of the children of the open element, by their names; its end is
/// consumed. Absent and empty are alike.
///
/// # Errors
/// A child that isn't one of these, or one that is there twice.
pub(super) fn fields<'a, const N: usize>(
    reader: &mut XmlReader<'a>,
    parent: &'static str,
    names: [&'static str; N],
) -> Result<[Option<Cow<'a, str>>; N], ReadError> {
    let mut values = [const { None }; N];
    let mut seen = [false; N];
    while let Some(name) = reader.child()? {
        let known = names
            .iter()
            .zip(values.iter_mut().zip(&mut seen))
            .find(|(known, _)| **known == name);
        let Some((element, (value, seen))) = known else {
            return Err(ReadError::Unexpected {
                expected: parent,
                at: reader.at(),
            });
        };
        if std::mem::replace(seen, true) {
            let at = reader.at();
            return Err(ReadError::Repeated { element, at });
        }
        *value = reader.value()?;
    }
    Ok(values)
}

/// The value that has to be there.
pub(super) fn needed<'a>(
    reader: &XmlReader<'_>,
    element: &'static str,
    value: Option<Cow<'a, str>>,
) -> Result<Cow<'a, str>, ReadError> {
    value.ok_or(ReadError::Missing {
        element,
        at: reader.at(),
    })
}
