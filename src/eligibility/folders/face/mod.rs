//! The folder into which the face application puts the results of card check-ins.

mod consume;
mod entry;
mod look;
mod round;
mod select;
mod settings;

pub use settings::{FaceSettings, Since};

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::ops::ControlFlow;

use jiff::Timestamp;

use self::entry::{Entry, NameKey};
use super::FolderError;
use super::files::{Files, OsFiles};
use super::open::{check_consumption, check_world};
use crate::Realm;
use crate::eligibility::message::FileName;
use crate::eligibility::{FeedError, FeedItem, ResultFeed, ResultId};

/// Most names that are remembered as old.
const MOST_OLD: usize = if cfg!(fuzzing) { 150 } else { 1_000_000 };

/// Results of card check-ins, from the folder into which the face application
/// (OQSFaceApp) puts them as `OQSsiquc01res_face_<middle>_<yyyyMMddHHmmss>.xml`. It
/// is a [`ResultFeed`].
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::Realm;
/// use uketsuke::eligibility::folders::{
///     Consumption, FaceFolder, FaceSettings, SIMULATION_MARKER, Since,
/// };
/// use uketsuke::eligibility::{FeedItem, ResultFeed};
///
/// # let place = tempfile::tempdir()?;
/// # let face = place.path();
/// # std::fs::write(face.join(SIMULATION_MARKER), "")?;
/// let mut results = FaceFolder::open(FaceSettings::new(
///     face,
///     Realm::Simulation,
///     Consumption::Delete,
///     Since::Beginning,
/// ))?;
///
/// // The face application writes one.
/// let name = "OQSsiquc01res_face_1319999999abc_20261105091502.xml";
/// let document = "<XmlMsg><MessageHeader><ProcessExecutionTime>20261105091502</ProcessExecutionTime>\
///     <SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>\
///     <ResultList><ResultOfQualificationConfirmation><Name>見本　花子</Name>\
///     </ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>";
/// std::fs::write(face.join(name), document)?;
///
/// // In the program's own rhythm:
/// # let mut now: Timestamp = "2026-11-05T09:15:03+09:00".parse()?;
/// assert_eq!(results.poll(now)?, [], "seen once: it may still be being written");
/// now += SignedDuration::from_millis(300);
/// let items = results.poll(now)?;
/// let [FeedItem::Result(result)] = &items[..] else { panic!("{items:?}") };
/// assert_eq!(result.report().results[0].name.reveal(), "見本　花子");
///
/// // Keep it under its identifier. Only then:
/// results.settle(result.id())?;
/// assert!(!face.join(name).exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Looking
///
/// Poll it every 300 ms to a second. Nothing is cached in between, so a program that
/// has a watcher on the folder polls when that wakes it, and besides, since watchers
/// miss things on network shares.
///
/// A file is delivered when two reads at two polls, at least 300 ms apart, gave the
/// same bytes and they are a whole document of at most 4 MiB, in UTF-8 or Shift_JIS.
/// Names are matched without regard to capital letters, before any path is made of
/// them; only regular files are opened, and links aren't followed. What never
/// becomes a result is told as [`FeedItem::Trouble`] after a few seconds, with the
/// name, and stays; should it change, it is looked at again.
///
/// A delivered result is [`Report`](crate::eligibility::Report) as it stands in the
/// file, also one without a person, or of an error of the centre. To make a
/// [`Coverage`](crate::eligibility::Coverage) of it, state `eligibility_only:
/// false`: consents are in the file as they were given, and a certificate in its
/// three months' grace shows there by consents that aren't.
///
/// One poll follows 128 files at most, reads 64 MiB or little more, and remembers
/// 100,000 files; when the folder has more, half of those that are looked at next
/// are the newest by their names and half are drawn, so that a flood keeps none
/// waiting for ever.
///
/// # What comes again
///
/// In one run each file is delivered once, also when it is put there again. After
/// a restart it is as [`Since`] says; a result has the same
/// [`ResultId`] then. There is no journal: with
/// [`Consumption::Delete`](super::Consumption::Delete) and
/// [`Consumption::MoveTo`](super::Consumption::MoveTo) what wasn't settled is still
/// there, and what was settled and not put away yet comes again. So a crash loses no
/// result, and a result says itself whose it is.
///
/// A delivered file whose bytes change is told as [`FeedItem::Contradicted`]: soon
/// for the last few and on settling, later for others, eight of which are looked at
/// in each poll. Before a file is deleted or moved it is read once more, and left alone
/// if it isn't what was delivered. Who exchanges it between that reading and the
/// removal can't be seen.
pub struct FaceFolder {
    files: Box<dyn Files>,
    settings: FaceSettings,
    /// What there was at opening.
    old: HashSet<NameKey>,
    entries: BTreeMap<String, Entry>,
    /// Of those that are followed, the one to look at next first.
    following: VecDeque<String>,
    /// Settled, and not put away yet.
    settling: VecDeque<String>,
    /// Delivered or found wanting last.
    recent: VecDeque<String>,
    /// What is looked at again in turn comes after this.
    turn: String,
    /// Counts the polls.
    round: u64,
    /// To be told at the next poll.
    untold: Vec<FeedItem>,
    /// There is no room for another file, and that was told.
    told_full: bool,
}

impl FaceFolder {
    /// Opens the folder. Nothing in it is read or changed by this.
    ///
    /// # Errors
    /// It, or the one to move to, can't be reached; it is of another realm
    /// ([`SIMULATION_MARKER`](super::SIMULATION_MARKER)); both are the same.
    /// With [`Since::Opening`], there are more than a million results.
    pub fn open(settings: FaceSettings) -> Result<Self, FolderError> {
        Self::open_with(Box::new(OsFiles), settings)
    }

    pub(super) fn open_with(
        mut files: Box<dyn Files>,
        settings: FaceSettings,
    ) -> Result<Self, FolderError> {
        check_world(files.as_mut(), &settings.folder, settings.realm)?;
        let folder = [&settings.folder];
        check_consumption(files.as_mut(), &settings.consumption, folder)?;
        let mut old = HashSet::new();
        if settings.since == Since::Opening {
            files
                .list(&settings.folder, &mut |name| {
                    if is_result(name).is_some() {
                        old.insert(NameKey::of(name));
                    }
                    if old.len() > MOST_OLD {
                        return ControlFlow::Break(());
                    }
                    ControlFlow::Continue(())
                })
                .map_err(|error| FolderError::Folder {
                    folder: settings.folder.clone(),
                    kind: error.kind(),
                })?;
            if old.len() > MOST_OLD {
                return Err(FolderError::TooFull {
                    folder: settings.folder,
                });
            }
        }
        Ok(Self {
            files,
            settings,
            old,
            entries: BTreeMap::new(),
            following: VecDeque::new(),
            settling: VecDeque::new(),
            recent: VecDeque::new(),
            turn: String::new(),
            round: 0,
            untold: Vec::new(),
            told_full: false,
        })
    }
}

impl ResultFeed for FaceFolder {
    fn realm(&self) -> Realm {
        self.settings.realm
    }

    /// See [Looking](FaceFolder#looking).
    fn poll(&mut self, now: Timestamp) -> Result<Vec<FeedItem>, FeedError> {
        self.look_round(now)
    }

    /// Deletes or moves the file, if the settings say so and it is still what was
    /// delivered. What can't be done now is tried again at each poll. A file that
    /// another program has removed meanwhile is as good.
    fn settle(&mut self, id: &ResultId) -> Result<(), FeedError> {
        self.settle_result(id)
    }
}

/// The name of a card check-in's result, archives included.
fn is_result(name: &str) -> Option<FileName> {
    use crate::eligibility::message::FileKind;
    let parsed = FileName::parse(name)?;
    (parsed.is_face() && matches!(parsed.kind(), FileKind::Xml | FileKind::Zip)).then_some(parsed)
}

impl fmt::Debug for FaceFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaceFolder")
            .field("settings", &self.settings)
            .field("files", &self.entries.len())
            .finish_non_exhaustive()
    }
}
