use std::path::PathBuf;

use jiff::Timestamp;

use super::super::Consumption;
use crate::Realm;
use crate::eligibility::InstitutionCode;

/// From when on files of results count. What is older is another run's, or another
/// program's: it is never delivered, never read and never removed.
///
/// What was delivered is remembered only as long as the program runs. So this says
/// what comes again after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Since {
    /// Everything that is there. With [`Consumption::Delete`] and
    /// [`Consumption::MoveTo`] that is what was never settled. With
    /// [`Consumption::Leave`] it all comes again after each start; known ones are
    /// told by their [`ResultId`](crate::eligibility::ResultId).
    Beginning,
    /// Files with this time or a later one in their name, and all files without a
    /// time in their name. Where the program keeps the time of the last result
    /// that it has kept, and states that less a minute or so, it misses nothing and
    /// sees little again.
    Time(Timestamp),
    /// Only what isn't there yet when the folder is opened. What came while the
    /// program didn't run is never seen, nor what was just being written.
    Opening,
}

/// Everything that a [`FaceFolder`](super::FaceFolder) is told. Nothing of it has a
/// default: other programs may live from the same files.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::eligibility::InstitutionCode;
/// use uketsuke::eligibility::folders::{Consumption, FaceSettings, Since};
///
/// // Another program takes the files: they are only looked at.
/// let settings = FaceSettings::new(
///     r"\\TERMINAL\FACE",
///     Realm::Production,
///     Consumption::Leave,
///     Since::Opening,
/// )
/// .with_institution(InstitutionCode::parse("1319999999").ok_or("ten digits")?);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceSettings {
    pub(super) folder: PathBuf,
    pub(super) realm: Realm,
    pub(super) consumption: Consumption,
    pub(super) since: Since,
    pub(super) institution: Option<InstitutionCode>,
}

impl FaceSettings {
    /// The folder into which the face application (顔認証付きカードリーダー, OQSFaceApp)
    /// puts results, often `C:\OQS\face` or a share `FACE`; the world of that
    /// application; what becomes of a file once its result is settled; and from when
    /// on files count.
    ///
    /// Where another program moves or deletes these files, as several do that are
    /// in use, state [`Consumption::Leave`].
    #[must_use]
    pub fn new(
        folder: impl Into<PathBuf>,
        realm: Realm,
        consumption: Consumption,
        since: Since,
    ) -> Self {
        Self {
            folder: folder.into(),
            realm,
            consumption,
            since,
            institution: None,
        }
    }

    /// Takes results only that say this institution's code (医療機関コード). Others, and
    /// those that say none, are told as trouble and left alone. Without it the code
    /// isn't looked at.
    #[must_use]
    pub fn with_institution(mut self, institution: InstitutionCode) -> Self {
        self.institution = Some(institution);
        self
    }
}
